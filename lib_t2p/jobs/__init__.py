"""Queue, leases, events and supervision of subprocesses; knows no kind of job."""
