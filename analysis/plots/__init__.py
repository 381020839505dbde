"""One module per question; `plot_x(frame, ax=None) -> Axes` draws, labels and computes nothing."""
