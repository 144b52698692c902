-- as superuser --@ >=13
ALTER PUBLICATION p SET (publish_via_partition_root = true) --@ >=13
