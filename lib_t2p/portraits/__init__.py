"""Pictures by the hundred: prompts with wildcards, painted round by round, the best kept."""
