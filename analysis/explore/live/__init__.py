"""How the workbench looks with widgets: the one place that needs ipywidgets and itables."""
