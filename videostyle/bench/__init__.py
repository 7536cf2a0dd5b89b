"""The article's timing table for this machine, and where a real run spends its time."""
