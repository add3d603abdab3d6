; obligation: all of R^n ties or none of it
(set-logic QF_LRA)
(declare-const |d_A| Real)
(declare-const |missing| Real)
(assert (= |d_A| 0))
(assert (>= |missing| 0))
(assert (or (or (> |missing| 0) (> (* (- 1) |missing|) 0)) (or (> (+ |d_A| (* (- 1) |missing|)) 0) (> (+ (* (- 1) |d_A|) |missing|) 0))))
(assert (>= (+ |d_A| (* (- 1) |missing|)) 0))
(check-sat)
