"""The implementations of the ports: DynamoDB, SQS, S3, EventBridge and the guarded HTTP client."""
