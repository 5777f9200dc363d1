"""Charts and maps as Vega-Lite specifications (pure), and the one place that draws them."""
