"""What the past would have looked like under other policies: the published runs decided again, one after the other."""
