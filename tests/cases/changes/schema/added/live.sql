CREATE SCHEMA scratchpad;
