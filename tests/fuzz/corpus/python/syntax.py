def upgrade(:
  if
	  else: """