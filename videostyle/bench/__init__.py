"""The article's timing table for this machine, and where the time of a real run goes."""
