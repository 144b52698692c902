-- as superuser
ALTER PUBLICATION p SET (publish_via_partition_root = true)
