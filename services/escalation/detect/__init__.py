"""Statistical detectors: arrays of counts or cases in, values with a named reason out.

Pure functions, no clock, no input or output. What each one answers, its formula and when not to use it
is written in docs/detectors.md. A detector exists twice and both agree: for a whole series at once
(`ears`, `farrington`, `cusum`, `scan_days`, `rate_changes`, `shifts`) and for the newest period alone
(`ears_latest`, `farrington_latest`, `step`, `scan`, `rate_change`, `shift`).
"""
