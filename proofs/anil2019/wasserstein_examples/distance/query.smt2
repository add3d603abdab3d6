; obligation: the only plan
(set-logic QF_LRA)
(declare-const |a| Real)
(declare-const |b| Real)
(assert (= (+ (- 1) (* 2 |a|)) 0))
(assert (= (+ (- 1) (* 2 |b|)) 0))
(assert (or (or (> (+ |a| (* (- 1) |b|)) 0) (> (+ (* (- 1) |a|) |b|) 0)) (or (> (+ (- 1) |a| |b|) 0) (> (+ 1 (* (- 1) |a|) (* (- 1) |b|)) 0))))
(check-sat)
