; obligation: minimal: one unit
(set-logic QF_NRA)
(declare-const |b| Real)
(declare-const |w| Real)
(assert (= (+ (- 1) (* |w| |w|)) 0))
(assert (or (or (> (+ (- 1) |b| (* (- 1) |b| |w| |w|) (* |w| |w|)) 0) (> (+ 1 (* (- 1) |b|) (* |b| |w| |w|) (* (- 1) |w| |w|)) 0)) (or (> (+ (- 2) |b| (* (- 1) |b| |w| |w|) (* 2 |w| |w|)) 0) (> (+ 2 (* (- 1) |b|) (* |b| |w| |w|) (* (- 2) |w| |w|)) 0)) (or (> (+ (- 1) (* |w| |w|)) 0) (> (+ 1 (* (- 1) |w| |w|)) 0))))
(check-sat)
