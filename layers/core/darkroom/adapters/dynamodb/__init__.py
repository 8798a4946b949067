"""The store on DynamoDB: four tables, every change a conditional write.

    keys         every key, index and shard there is
    marshal      Python values as DynamoDB's JSON and back
    rows         domain objects as rows and back
    expressions  names and values of conditions and updates
    parts        one part of a transaction
    commit       each write as its part, spelled in accounts_writes, jobs_writes and webhooks_writes
    refusals     which write a refused transaction is about, and what stands in its way
    gateway      one call with its retries and its errors
    queries      pages of a partition

``store``, ``accounts``, ``jobs``, ``assets`` and ``endpoints`` are the ports.
"""
