; obligation: zero stays zero
(set-logic QF_NRA)
(declare-const |P| Real)
(declare-const |s| Real)
(declare-const |t| Real)
(assert (= (+ (* (- 1) |P| |s|) |t|) 0))
(assert (= |s| 0))
(assert (or (> |t| 0) (> (* (- 1) |t|) 0)))
(check-sat)
