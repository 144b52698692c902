-- as superuser
CREATE ACCESS METHOD heap3 TYPE TABLE HANDLER heap_tableam_handler
