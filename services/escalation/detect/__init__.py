"""Statistical detectors: arrays of counts or cases in, values with a named reason out.

Pure functions without a clock; only `table`, `plot` and `cli` read and write. What each one answers,
its formula and when not to use it is written in docs/detectors.md. A detector exists twice, and both
agree: for a whole series at once (`ears`, `farrington`, `cusum`, `scan_days`, `rate_changes`,
`displacements`, `shifts`) and for the newest period alone (`ears_latest`, `farrington_latest`,
`cusum_latest` or `step`, `scan`, `rate_change`, `weighted_displacement`, `shift`).
"""
