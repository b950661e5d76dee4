"""What ``jupyter groupchat doctor`` looks at, a module each."""
