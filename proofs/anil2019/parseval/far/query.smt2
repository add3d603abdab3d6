; obligation: growth
(set-logic QF_NRA)
(declare-const |b| Real)
(declare-const |s| Real)
(assert (>= |b| 0))
(assert (>= |s| 0))
(assert (>= (* |s| |s|) 0))
(assert (> (* (- 1) |b| |s| |s| |s|) 0))
(check-sat)
