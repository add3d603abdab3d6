(* Minimizers of the Wasserstein loss for P at 0, 4, 8, ... and Q at 3, 7, 11, ..., n atoms of equal mass each: for every n
   and every threshold they classify n, n + 1 or n + 2 of the 2 n atoms right, and each of these occurs for n >= 2.

   An atom of P is right where f > T, an atom of Q where f < T; two truth values say whether f = T counts as right. *)

From Coq Require Import Reals Lra Lia.
Open Scope R_scope.

Definition p (i : nat) : R := 4 * INR i.
Definition q (i : nat) : R := 4 * INR i + 3.

Definition lipschitz (f : R -> R) : Prop := forall x y, Rabs (f x - f y) <= Rabs (x - y).

(* n times the gain, the negative loss: E_P f - E_Q f. *)
Fixpoint gain (f : R -> R) (n : nat) : R :=
  match n with
  | O => 0
  | S i => gain f i + (f (p i) - f (q i))
  end.

Definition minimizer (f : R -> R) (n : nat) : Prop :=
  lipschitz f /\ forall g, lipschitz g -> gain g n <= gain f n.

Definition positive (zero_counts : bool) (v : R) : nat :=
  if Rlt_dec 0 v then 1 else if Rlt_dec v 0 then 0 else if zero_counts then 1 else 0.

Fixpoint right_atoms (on_p on_q : bool) (T : R) (f : R -> R) (n : nat) : nat :=
  match n with
  | O => 0
  | S i => right_atoms on_p on_q T f i + positive on_p (f (p i) - T) + positive on_q (T - f (q i))
  end.

Lemma pair_gain : forall f i, lipschitz f -> f (p i) - f (q i) <= 3.
Proof.
  intros f i L. specialize (L (p i) (q i)). unfold p, q in *. revert L.
  unfold Rabs. repeat destruct (Rcase_abs _); lra.
Qed.

Lemma gain_at_most : forall f n, lipschitz f -> gain f n <= 3 * INR n.
Proof.
  intros f n L. induction n as [|n IH]; [simpl; lra|].
  change (gain f (S n)) with (gain f n + (f (p n) - f (q n))). rewrite S_INR. pose proof (pair_gain f n L). lra.
Qed.

Lemma falling : lipschitz (fun x => - x).
Proof.
  intros x y. unfold Rabs. repeat destruct (Rcase_abs _); lra.
Qed.

Lemma full_gain : forall f n, (forall i, (i < n)%nat -> f (q i) = f (p i) - 3) -> gain f n = 3 * INR n.
Proof.
  intros f n H. induction n as [|n IH]; [simpl; lra|].
  change (gain f (S n)) with (gain f n + (f (p n) - f (q n))). rewrite S_INR, IH, H; [lra | lia |].
  intros i Hi. apply H. lia.
Qed.

(* The orientation: a minimizer falls by 3 over every pair, and a 1-Lipschitz function that does so is one. *)
Theorem orientation : forall f n, lipschitz f ->
  (minimizer f n <-> forall i, (i < n)%nat -> f (q i) = f (p i) - 3).
Proof.
  intros f n L. split.
  - intros [_ M]. assert (G : 3 * INR n <= gain f n).
    { rewrite <- (full_gain (fun x => - x) n); [apply M, falling|]. intros i _. unfold p, q. lra. }
    clear M. induction n as [|n IH]; intros i Hi; [lia|].
    change (gain f (S n)) with (gain f n + (f (p n) - f (q n))) in G. rewrite S_INR in G.
    pose proof (pair_gain f n L). pose proof (gain_at_most f n L).
    destruct (Nat.eq_dec i n) as [E|N]; [subst i; lra|]. apply IH; [lra | lia].
  - intros H. split; [exact L|]. intros g G. rewrite (full_gain f n H). apply gain_at_most, G.
Qed.

Theorem steps : forall f n i, minimizer f n -> (S i < n)%nat ->
  2 <= f (p i) - f (p (S i)) <= 4 /\ 2 <= f (q i) - f (q (S i)) <= 4.
Proof.
  intros f n i M Hi. pose proof M as [L _]. rewrite (orientation f n L) in M.
  assert (E : f (q i) = f (p i) - 3) by (apply M; lia).
  assert (E' : f (q (S i)) = f (p (S i)) - 3) by (apply M; lia).
  specialize (L (q i) (p (S i))). revert L. unfold q at 2, p at 2. rewrite S_INR.
  unfold Rabs. repeat destruct (Rcase_abs _); lra.
Qed.

Theorem minus_x_minimizes : forall n, minimizer (fun x => - x) n.
Proof.
  intros n. apply orientation; [apply falling|]. intros i _. unfold p, q. lra.
Qed.

Lemma pair_right : forall on_p on_q v,
  (1 <= positive on_p v + positive on_q (3 - v) <= 2)%nat /\
  ((positive on_p v + positive on_q (3 - v) = 2)%nat -> 0 <= v <= 3).
Proof.
  intros on_p on_q v. unfold positive.
  destruct (Rlt_dec 0 v), (Rlt_dec v 0), (Rlt_dec 0 (3 - v)), (Rlt_dec (3 - v) 0), on_p, on_q; 
    (split; [lia || (exfalso; lra) | intros E; lra || discriminate E]).
Qed.

Theorem count : forall f n T on_p on_q, minimizer f n -> (n <= right_atoms on_p on_q T f n <= n + 2)%nat.
Proof.
  intros f n T on_p on_q M.
  assert (Fall : forall i, (i < n)%nat -> f (q i) = f (p i) - 3) by (apply orientation; [apply M | exact M]).
  assert (Step : forall i, (S i < n)%nat -> f (p (S i)) <= f (p i) - 2).
  { intros i Hi. pose proof (steps f n i M Hi). lra. }
  assert (Pair : forall i, (i < n)%nat -> let c := (positive on_p (f (p i) - T) + positive on_q (T - f (q i)))%nat in
                 (1 <= c <= 2)%nat /\ (c = 2%nat -> 0 <= f (p i) - T <= 3)).
  { intros i Hi. rewrite (Fall i Hi). replace (T - (f (p i) - 3)) with (3 - (f (p i) - T)) by lra. apply pair_right. }
  assert (Inv : forall k, (k < n)%nat ->
    (S k <= right_atoms on_p on_q T f (S k) <= S k + 2)%nat /\
    (1 < f (p k) - T -> (right_atoms on_p on_q T f (S k) <= S k + 1)%nat) /\
    (3 < f (p k) - T -> (right_atoms on_p on_q T f (S k) <= S k)%nat)).
  { induction k as [|k IH]; intros Hk.
    - pose proof (Pair 0%nat Hk) as [A B]. cbv zeta in A, B.
      change (right_atoms on_p on_q T f 1) with (0 + positive on_p (f (p 0) - T) + positive on_q (T - f (q 0)))%nat.
      split; [lia|]. split; [lia|]. intros V.
      destruct (Nat.eq_dec (positive on_p (f (p 0) - T) + positive on_q (T - f (q 0))) 2) as [E|N]; [|lia].
      specialize (B E). lra.
    - destruct IH as [I1 [I2 I3]]; [lia|]. pose proof (Pair (S k) Hk) as [A B]. cbv zeta in A, B.
      pose proof (Step k Hk) as D.
      change (right_atoms on_p on_q T f (S (S k))) with
        (right_atoms on_p on_q T f (S k) + positive on_p (f (p (S k)) - T) + positive on_q (T - f (q (S k))))%nat.
      destruct (Nat.eq_dec (positive on_p (f (p (S k)) - T) + positive on_q (T - f (q (S k)))) 2) as [E|N].
      + specialize (B E). assert (H1 : 1 < f (p k) - T) by lra. specialize (I2 H1). split; [lia|]. split.
        * intros V. assert (H3 : 3 < f (p k) - T) by lra. specialize (I3 H3). lia.
        * intros V. lra.
      + split; [lia|]. split; intros V; assert (H3 : 3 < f (p k) - T) by lra; specialize (I3 H3); lia. }
  destruct n as [|n]; [simpl; lia|]. apply Inv. lia.
Qed.

(* The witnesses. Their atoms never lie at zero, so that conventions do not matter. *)

Definition none_more (x : R) : R := - 1 - x.
Definition one_more (x : R) : R := 3 / 2 - x.
Definition two_more (x : R) : R := Rmax (5 / 2 - x) (Rmin (x - 7 / 2) (9 / 2 - x)).

Lemma INR_at_least_one : forall i, 1 <= INR (S i).
Proof.
  intros i. rewrite S_INR. pose proof (pos_INR i). lra.
Qed.

Lemma two_more_at : forall x, x <= 3 -> two_more x = 5 / 2 - x.
Proof.
  intros x H. unfold two_more, Rmax, Rmin. destruct (Rle_dec (x - 7 / 2) (9 / 2 - x)); destruct (Rle_dec _ _); lra.
Qed.

Lemma two_more_later : forall x, 4 <= x -> two_more x = 9 / 2 - x.
Proof.
  intros x H. unfold two_more, Rmax, Rmin. destruct (Rle_dec (x - 7 / 2) (9 / 2 - x)); destruct (Rle_dec _ _); lra.
Qed.

Lemma witnesses_lipschitz : lipschitz none_more /\ lipschitz one_more /\ lipschitz two_more.
Proof.
  unfold lipschitz, none_more, one_more. split; [|split]; intros x y.
  - unfold Rabs. repeat destruct (Rcase_abs _); lra.
  - unfold Rabs. repeat destruct (Rcase_abs _); lra.
  - unfold two_more, Rmax, Rmin.
    destruct (Rle_dec (x - 7 / 2) (9 / 2 - x)), (Rle_dec (y - 7 / 2) (9 / 2 - y));
      repeat destruct (Rle_dec _ _); unfold Rabs; repeat destruct (Rcase_abs _); lra.
Qed.

Lemma witnesses_minimize : forall n, minimizer none_more n /\ minimizer one_more n /\ minimizer two_more n.
Proof.
  intros n. destruct witnesses_lipschitz as [A [B C]]. split; [|split]; apply orientation; try assumption; intros i _.
  - unfold none_more, p, q. lra.
  - unfold one_more, p, q. lra.
  - destruct i as [|i].
    + rewrite !two_more_at; unfold p, q; simpl; lra.
    + pose proof (INR_at_least_one i). rewrite !two_more_later; unfold p, q; lra.
Qed.

Lemma positive_above : forall z v, 0 < v -> positive z v = 1%nat.
Proof.
  intros z v H. unfold positive. destruct (Rlt_dec 0 v); [reflexivity | lra].
Qed.

Lemma positive_below : forall z v, v < 0 -> positive z v = 0%nat.
Proof.
  intros z v H. unfold positive. destruct (Rlt_dec 0 v); [lra|]. destruct (Rlt_dec v 0); [reflexivity | lra].
Qed.

Theorem all_counts_occur : forall n on_p on_q,
  (minimizer none_more n /\ right_atoms on_p on_q 0 none_more n = n) /\
  ((1 <= n)%nat -> minimizer one_more n /\ right_atoms on_p on_q 0 one_more n = (n + 1)%nat) /\
  ((2 <= n)%nat -> minimizer two_more n /\ right_atoms on_p on_q 0 two_more n = (n + 2)%nat).
Proof.
  intros n on_p on_q. destruct (witnesses_minimize n) as [M0 [M1 M2]]. split; [|split].
  - split; [exact M0|]. clear. induction n as [|n IH]; [reflexivity|].
    cbn [right_atoms]. rewrite IH, positive_below, positive_above; unfold none_more, p, q; pose proof (pos_INR n); try lra.
    lia.
  - intros Hn. split; [exact M1|]. destruct n as [|n]; [lia|]. clear. induction n as [|n IH].
    + cbn [right_atoms]. rewrite !positive_above; unfold one_more, p, q; simpl; try lra. reflexivity.
    + remember (S n) as m eqn:E. cbn [right_atoms]. rewrite IH, positive_below, positive_above;
        unfold one_more, p, q; subst m; pose proof (INR_at_least_one n); try lra. lia.
  - intros Hn. split; [exact M2|]. destruct n as [|[|n]]; [lia | lia|]. clear. induction n as [|n IH].
    + cbn [right_atoms]. rewrite !positive_above; try reflexivity.
      * rewrite two_more_later; unfold q; simpl; lra.
      * rewrite two_more_later; unfold p; simpl; lra.
      * rewrite two_more_at; unfold q; simpl; lra.
      * rewrite two_more_at; unfold p; simpl; lra.
    + remember (S (S n)) as m eqn:E. assert (Hm : 2 <= INR m).
      { subst m. rewrite S_INR. pose proof (INR_at_least_one n). lra. }
      cbn [right_atoms]. rewrite IH, positive_below, positive_above; [lia | |];
        rewrite two_more_later; unfold p, q; lra.
Qed.

(* The counts of the paper's n = 1: the bound n + 2 is not attained there. *)
Theorem count_for_one_pair : forall f T on_p on_q, minimizer f 1 -> (1 <= right_atoms on_p on_q T f 1 <= 2)%nat.
Proof.
  intros f T on_p on_q M. pose proof (count f 1 T on_p on_q M) as [A _]. split; [exact A|].
  cbn [right_atoms]. unfold positive. repeat destruct (Rlt_dec _ _); destruct on_p, on_q; lia.
Qed.

Definition error (on_p on_q : bool) (T : R) (f : R -> R) (n : nat) : R :=
  1 - INR (right_atoms on_p on_q T f n) / (2 * INR n).

(* Proposition 6, with any n > 1 / eps. *)
Theorem errors_are_large : forall eps n, 0 < eps -> 1 < INR n * eps ->
  (exists f, minimizer f n) /\
  forall f T on_p on_q, minimizer f n -> 1 / 2 - eps < error on_p on_q T f n.
Proof.
  intros eps n He Hn. split; [exists none_more; apply witnesses_minimize|].
  intros f T on_p on_q M. pose proof (count f n T on_p on_q M) as [_ C]. apply le_INR in C.
  rewrite plus_INR in C. simpl in C. unfold error.
  assert (N : 0 < INR n) by (pose proof (pos_INR n); destruct (Req_dec (INR n) 0) as [E|E]; [rewrite E in Hn; lra | lra]).
  set (c := INR (right_atoms on_p on_q T f n)) in *.
  assert (B : c / (2 * INR n) < 1 / 2 + eps); [|lra].
  apply Rmult_lt_reg_r with (2 * INR n); [lra|].
  replace (c / (2 * INR n) * (2 * INR n)) with c by (field; lra). nra.
Qed.

(* The least error for n >= 2, over all minimizers and thresholds. *)
Theorem least_error : forall n, (2 <= n)%nat ->
  (exists f, minimizer f n /\ forall on_p on_q, error on_p on_q 0 f n = 1 / 2 - 1 / INR n) /\
  forall f T on_p on_q, minimizer f n -> 1 / 2 - 1 / INR n <= error on_p on_q T f n.
Proof.
  intros n Hn. assert (N : 2 <= INR n) by (apply (le_INR 2) in Hn; simpl in Hn; lra). split.
  - exists two_more. split; [apply witnesses_minimize|]. intros on_p on_q. unfold error.
    destruct (all_counts_occur n on_p on_q) as [_ [_ W]]. destruct (W Hn) as [_ E]. rewrite E, plus_INR.
    simpl. field. lra.
  - intros f T on_p on_q M. pose proof (count f n T on_p on_q M) as [_ C]. apply le_INR in C.
    rewrite plus_INR in C. simpl in C. unfold error. set (c := INR (right_atoms on_p on_q T f n)) in *.
    apply Rmult_le_reg_r with (2 * INR n); [lra|].
    replace ((1 / 2 - 1 / INR n) * (2 * INR n)) with (INR n - 2) by (field; lra).
    replace ((1 - c / (2 * INR n)) * (2 * INR n)) with (2 * INR n - c) by (field; lra). lra.
Qed.

Theorem the_printed_n_is_too_small : forall eps n, 0 < eps < 1 / 2 -> (2 <= n)%nat ->
  (1 / 2 - eps < 1 / 2 - 1 / INR n <-> 1 / eps < INR n) /\
  (INR n < 1 / (2 * eps) + 1 -> 1 / 2 - 1 / INR n < 1 / 2 - eps).
Proof.
  intros eps n He Hn. assert (N : 2 <= INR n) by (apply (le_INR 2) in Hn; simpl in Hn; lra).
  assert (A : 1 / eps * eps = 1) by (field; lra). assert (B : 1 / INR n * INR n = 1) by (field; lra).
  assert (P : 0 < 1 / INR n) by (apply Rdiv_lt_0_compat; lra). split; [split|]; intros H.
  - nra.
  - nra.
  - replace (1 / (2 * eps)) with (1 / eps / 2) in H by (field; lra). assert (2 < 1 / eps) by nra.
    assert (INR n < 1 / eps) by lra. nra.
Qed.

Theorem some_n_is_large_enough : forall eps, 0 < eps -> exists n, 1 < INR n * eps.
Proof.
  intros eps He. destruct (archimed (1 / eps)) as [A _].
  assert (P : 0 < 1 / eps) by (apply Rdiv_lt_0_compat; lra).
  assert (Z : (0 <= up (1 / eps))%Z) by (apply le_IZR; lra).
  exists (Z.to_nat (up (1 / eps))). rewrite INR_IZR_INZ, Z2Nat.id by exact Z.
  apply Rmult_lt_reg_r with (1 / eps); [exact P|].
  replace (IZR (up (1 / eps)) * eps * (1 / eps)) with (IZR (up (1 / eps))) by (field; lra). lra.
Qed.
