"""The store on DynamoDB: four tables, every change a conditional write.

    keys         every key, index and shard there is
    marshal      Python values as DynamoDB's JSON and back
    rows         domain objects as rows and back
    expressions  names and values of conditions and updates
    parts        one part of a transaction
    writes       each class of writes: its table, its part of a transaction, what stands in its way when it is refused
    gateway      one call with its retries and its errors
    queries      pages of a partition

``store``, ``accounts``, ``jobs``, ``assets`` and ``endpoints`` are the ports.
"""
