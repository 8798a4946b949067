"""What `sam build` calls: fills the folder of one Lambda function or layer, pruned and with its bytecode."""
