# Runs a method of R surveillance over series and prints how many processor seconds it took.
# Rscript detect.R METHOD COUNTS SERIES PERIODS BOUNDS: counts are int32, bounds float64, by series.
suppressPackageStartupMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
series <- as.integer(arguments[3])
periods <- as.integer(arguments[4])
counts <- matrix(readBin(arguments[2], "integer", series * periods, 4, endian = "little"), nrow = periods)
# R copies whole matrices for every series, so it is given a few at a time: that is its best speed.
judged <- function(columns) {
  given <- sts(counts[, columns, drop = FALSE], start = c(2010, 1), frequency = 52)
  if (arguments[1] == "EARS") {
    found <- earsC(given, control = list(method = "C1", baseline = 7, minSigma = 0.5, alpha = 0.001))
  } else {
    found <- farringtonFlexible(given, control = list(
      range = (52 * 5 + 4):periods, b = 5, w = 3, noPeriods = 10, reweight = TRUE, weightsThreshold = 2.58,
      pastWeeksNotIncluded = 26, pThresholdTrend = 1, trend = TRUE, thresholdMethod = "nbPlugin",
      alpha = 0.005, glmWarnings = FALSE, limit54 = c(5, 4)))
  }
  upperbound(found)
}
parts <- split(seq_len(series), (seq_len(series) - 1) %/% 25)
seconds <- sum(system.time(bounds <- do.call(cbind, lapply(parts, judged)))[c("user.self", "sys.self")])
writeBin(as.vector(bounds), arguments[5], 8, endian = "little")
cat(seconds)
