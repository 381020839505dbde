"""One module per question; a small frame in, the sentences that go with it out."""
