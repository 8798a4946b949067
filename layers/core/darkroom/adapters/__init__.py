"""The real things behind the ports: DynamoDB, SQS, S3, EventBridge and the guarded HTTP client."""
