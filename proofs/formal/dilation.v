(* The dilation of a network: a network of any depth whose weights are contractions computes the same function as a wider
   one whose weights have orthonormal columns, the last one orthonormal rows, for every activation that acts on units or on
   groups of a fixed size. *)

From Coq Require Import Reals Lra Lia Arith.
From Lipcheck Require Import matrices.
Open Scope R_scope.

(* Hidden layers: the weight [[W, 0], [B, 0], [0, I], [0, 0]] on n read and u unread units, with p rows of zeros. *)

Definition widened (m n u : nat) (W B : nat -> nat -> R) : nat -> nat -> R := fun i j =>
  if lt_dec i m then (if lt_dec j n then W i j else 0)
  else if lt_dec i (m + n) then (if lt_dec j n then B (i - m)%nat j else 0)
  else if lt_dec i (m + n + u) then (if Nat.eq_dec (n + (i - (m + n)))%nat j then 1 else 0)
  else 0.

Lemma times_left : forall n u A x i, (forall j, (n <= j < n + u)%nat -> A i j = 0) -> times (n + u) A x i = times n A x i.
Proof.
  intros n u A x i H. unfold times. rewrite sum_split, (sum_same u _ (fun _ => 0)), sum_zero; [lra|].
  intros j Hj. rewrite H by lia. lra.
Qed.

Lemma read_rows : forall m n u W B x i, (i < m)%nat -> times (n + u) (widened m n u W B) x i = times n W x i.
Proof.
  intros m n u W B x i Hi. rewrite times_left.
  - unfold times. apply sum_same. intros j Hj. unfold widened. destruct (lt_dec i m); [|lia]. destruct (lt_dec j n); [reflexivity | lia].
  - intros j Hj. unfold widened. destruct (lt_dec i m); [|lia]. destruct (lt_dec j n); [lia | reflexivity].
Qed.

Theorem widened_is_orthonormal : forall m n u p W B,
  (forall x, square_norm m (times n W x) + square_norm n (times n B x) = square_norm n x) ->
  orthonormal_columns (m + n + u + p) (n + u) (widened m n u W B).
Proof.
  intros m n u p W B H x. unfold square_norm at 1. rewrite !sum_split.
  rewrite (sum_same m _ (fun i => times n W x i * times n W x i)) by (intros i Hi; rewrite read_rows by lia; reflexivity).
  rewrite (sum_same n _ (fun i => times n B x i * times n B x i)).
  2: { intros i Hi. assert (E : times (n + u) (widened m n u W B) x (m + i)%nat = times n B x i); [|rewrite E; reflexivity].
       rewrite times_left.
       - unfold times. apply sum_same. intros j Hj. unfold widened. destruct (lt_dec (m + i) m); [lia|].
         destruct (lt_dec (m + i) (m + n)); [|lia]. destruct (lt_dec j n); [|lia]. f_equal. f_equal. lia.
       - intros j Hj. unfold widened. destruct (lt_dec (m + i) m); [lia|]. destruct (lt_dec (m + i) (m + n)); [|lia].
         destruct (lt_dec j n); [lia | reflexivity]. }
  rewrite (sum_same u _ (fun i => x (n + i)%nat * x (n + i)%nat)).
  2: { intros i Hi. assert (E : times (n + u) (widened m n u W B) x (m + n + i)%nat = x (n + i)%nat); [|rewrite E; reflexivity].
       unfold times. rewrite <- (pick (n + u) (n + i) x) by lia. apply sum_same. intros j Hj. unfold widened.
       destruct (lt_dec (m + n + i) m); [lia|]. destruct (lt_dec (m + n + i) (m + n)); [lia|].
       destruct (lt_dec (m + n + i) (m + n + u)); [|lia]. replace (n + (m + n + i - (m + n)))%nat with (n + i)%nat by lia. reflexivity. }
  rewrite (sum_same p _ (fun _ => 0)).
  2: { intros i Hi. assert (E : times (n + u) (widened m n u W B) x (m + n + u + i)%nat = 0); [|rewrite E; lra].
       unfold times. rewrite (sum_same _ _ (fun _ => 0)); [apply sum_zero|]. intros j Hj. unfold widened.
       destruct (lt_dec (m + n + u + i) m); [lia|]. destruct (lt_dec (m + n + u + i) (m + n)); [lia|].
       destruct (lt_dec (m + n + u + i) (m + n + u)); [lia | lra]. }
  rewrite sum_zero. specialize (H x). unfold square_norm in *. rewrite sum_split. lra.
Qed.

(* The last layer: [W, 0, C, -C] with 2 C C' = I - W W', on units of which the last two times m are equal in pairs. *)

Lemma transposed_contraction : forall m n W, contraction m n W -> contraction n m (transposed W).
Proof.
  intros m n W H y. set (v := times m (transposed W) y).
  assert (E : square_norm n v = sum m (fun i => y i * times n W v i)).
  { unfold square_norm. rewrite (sum_same n _ (fun j => sum m (fun i => v j * (W i j * y i)))).
    - rewrite sum_swap. apply sum_same. intros i Hi. unfold times. rewrite <- sum_times. apply sum_same. intros j Hj. lra.
    - intros j Hj. rewrite sum_times. reflexivity. }
  assert (N : 0 <= sum m (fun i => (y i - times n W v i) * (y i - times n W v i)))
    by (apply sum_nonnegative; intros i; apply Rle_0_sqr).
  rewrite (sum_same m _ (fun i => y i * y i + ((- 2) * (y i * times n W v i) + times n W v i * times n W v i))) in N by (intros; lra).
  rewrite !sum_plus, sum_times, <- E in N. specialize (H v). unfold square_norm in *. lra.
Qed.

Definition closing (m n u : nat) (W C : nat -> nat -> R) : nat -> nat -> R := fun i j =>
  if lt_dec j n then W i j
  else if lt_dec j (n + u) then 0
  else if lt_dec j (n + u + m) then C i (j - (n + u))%nat
  else - C i (j - (n + u + m))%nat.

Theorem closing_exists : forall m n u W, contraction m n W ->
  exists C, orthonormal_rows m (n + u + m + m) (closing m n u W C) /\
    forall x i, (forall k, (k < m)%nat -> x (n + u + k)%nat = x (n + u + m + k)%nat) ->
                times (n + u + m + m) (closing m n u W C) x i = times n W x i.
Proof.
  intros m n u W H. destruct (factor_of_a_contraction n m (transposed W)) as [B HB]; [apply transposed_contraction, H|].
  set (h := / sqrt 2). assert (Hh : h * h = / 2).
  { unfold h. rewrite <- Rinv_mult, sqrt_sqrt by lra. reflexivity. }
  set (C := fun i k => h * B k i). exists C.
  assert (First : forall i j, (j < n)%nat -> closing m n u W C i j = W i j)
    by (intros i j Hj; unfold closing; destruct (lt_dec j n); [reflexivity | lia]).
  assert (Second : forall i j, (j < u)%nat -> closing m n u W C i (n + j)%nat = 0).
  { intros i j Hj. unfold closing. destruct (lt_dec (n + j) n); [lia|]. destruct (lt_dec (n + j) (n + u)); [reflexivity | lia]. }
  assert (Third : forall i j, (j < m)%nat -> closing m n u W C i (n + u + j)%nat = C i j).
  { intros i j Hj. unfold closing. destruct (lt_dec (n + u + j) n); [lia|]. destruct (lt_dec (n + u + j) (n + u)); [lia|].
    destruct (lt_dec (n + u + j) (n + u + m)); [|lia]. f_equal. lia. }
  assert (Fourth : forall i j, (j < m)%nat -> closing m n u W C i (n + u + m + j)%nat = - C i j).
  { intros i j Hj. unfold closing. destruct (lt_dec (n + u + m + j) n); [lia|].
    destruct (lt_dec (n + u + m + j) (n + u)); [lia|]. destruct (lt_dec (n + u + m + j) (n + u + m)); [lia|].
    f_equal. f_equal. lia. }
  split.
  - intros y. rewrite <- (HB y). unfold square_norm at 1. rewrite !sum_split. unfold times at 1 2 3 4 5 6 7 8, transposed at 1 2 3 4 5 6 7 8.
    assert (Half : forall k s, s * s = 1 -> sum m (fun i => s * C i k * y i) * sum m (fun i => s * C i k * y i)
                               = / 2 * (times m B y k * times m B y k)).
    { intros k s Hs. rewrite (sum_same m _ (fun i => (s * h) * (B k i * y i))) by (intros; unfold C; lra).
      rewrite sum_times. fold (times m B y k). replace (s * h * times m B y k * (s * h * times m B y k))
        with (s * s * (h * h) * (times m B y k * times m B y k)) by lra. rewrite Hs, Hh. lra. }
    rewrite (sum_same n _ (fun j => times m (transposed W) y j * times m (transposed W) y j)).
    2: { intros j Hj. rewrite (sum_same m _ (fun i => W i j * y i)) by (intros i Hi; rewrite First by lia; reflexivity). reflexivity. }
    rewrite (sum_same u _ (fun _ => 0)).
    2: { intros j Hj. rewrite (sum_same m _ (fun _ => 0)) by (intros i Hi; rewrite Second by lia; lra). rewrite sum_zero. lra. }
    rewrite (sum_same m (fun j => sum m (fun i => closing m n u W C i (n + u + j)%nat * y i) * _)
                        (fun k => / 2 * (times m B y k * times m B y k))).
    2: { intros k Hk. rewrite <- (Half k 1) by lra.
         rewrite (sum_same m _ (fun i => 1 * C i k * y i)) by (intros i Hi; rewrite Third by lia; lra). reflexivity. }
    rewrite (sum_same m (fun j => sum m (fun i => closing m n u W C i (n + u + m + j)%nat * y i) * _)
                        (fun k => / 2 * (times m B y k * times m B y k))).
    2: { intros k Hk. rewrite <- (Half k (- 1)) by lra.
         rewrite (sum_same m _ (fun i => (- 1) * C i k * y i)) by (intros i Hi; rewrite Fourth by lia; lra). reflexivity. }
    rewrite sum_zero, sum_times. unfold square_norm. lra.
  - intros x i Pairs. unfold times. rewrite !sum_split.
    rewrite (sum_same n _ (fun j => W i j * x j)) by (intros j Hj; rewrite First by lia; reflexivity).
    rewrite (sum_same u _ (fun _ => 0)) by (intros j Hj; rewrite Second by lia; lra).
    rewrite (sum_same m (fun j => closing m n u W C i (n + u + j)%nat * _) (fun k => C i k * x (n + u + k)%nat))
      by (intros k Hk; rewrite Third by lia; reflexivity).
    rewrite (sum_same m (fun j => closing m n u W C i (n + u + m + j)%nat * _) (fun k => (- 1) * (C i k * x (n + u + k)%nat)))
      by (intros k Hk; rewrite Fourth, Pairs by lia; lra).
    rewrite sum_times, sum_zero. lra.
Qed.

(* Whole networks. Layer l has the weight W l from width l to width (l + 1), the bias b l and the activation act l. In the
   wide network the read units come first; its activation may do anything to the unread ones, as long as the read units
   neither see them nor are changed: units and groups that do not mix. *)

Fixpoint run (width : nat -> nat) (W : nat -> nat -> nat -> R) (b : nat -> nat -> R) (act : nat -> (nat -> R) -> nat -> R)
    (depth : nat) (x : nat -> R) : nat -> R :=
  match depth with
  | O => x
  | S l => let h := run width W b act l x in act l (fun i => times (width l) (W l) h i + b l i)
  end.

Theorem same_function : forall width unread W B b act act' depth x x',
  (forall l y y', (forall i, (i < width (S l))%nat -> y i = y' i) ->
                  forall i, (i < width (S l))%nat -> act l y i = act' l y' i) ->
  (forall i, (i < width O)%nat -> x i = x' i) ->
  forall i, (i < width depth)%nat ->
    run width W b act depth x i =
    run (fun l => (width l + unread l)%nat) (fun l => widened (width (S l)) (width l) (unread l) (W l) (B l))
        (fun l k => if lt_dec k (width (S l)) then b l k else 0) act' depth x' i.
Proof.
  intros width unread W B b act act' depth x x' Act Start. induction depth as [|l IH]; intros i Hi; simpl.
  - apply Start, Hi.
  - apply Act; [|exact Hi]. intros k Hk. rewrite read_rows by exact Hk. destruct (lt_dec k (width (S l))); [|lia].
    f_equal. unfold times. apply sum_same. intros j Hj. rewrite IH by exact Hj. reflexivity.
Qed.

(* Everything together, for d + 1 hidden layers. Behind the units that layer l carries on, pad l units are fed zeros; the
   last of them, twice as many as there are outputs, feed the factor of the last weight. *)

Fixpoint unread (width pad : nat -> nat) (l : nat) : nat :=
  match l with
  | O => 0
  | S k => width k + unread width pad k + pad k
  end.

Lemma finite_choice : forall (P : nat -> (nat -> nat -> R) -> Prop) d,
  (forall l, (l <= d)%nat -> exists B, P l B) -> exists F, forall l, (l <= d)%nat -> P l (F l).
Proof.
  intros P. induction d as [|d IH]; intros H.
  - destruct (H O) as [B HB]; [lia|]. exists (fun _ => B). intros l Hl. replace l with O by lia. exact HB.
  - destruct IH as [F HF]; [intros l Hl; apply H; lia|]. destruct (H (S d)) as [B HB]; [lia|].
    exists (fun l => if Nat.eq_dec l (S d) then B else F l). intros l Hl. destruct (Nat.eq_dec l (S d)) as [E|N].
    + subst l. exact HB.
    + apply HF. lia.
Qed.

Definition wide_run (width pad : nat -> nat) (W B : nat -> nat -> nat -> R) (b : nat -> nat -> R)
    (act : nat -> (nat -> R) -> nat -> R) : nat -> (nat -> R) -> nat -> R :=
  run (fun l => (width l + unread width pad l)%nat)
      (fun l => widened (width (S l)) (width l) (unread width pad l) (W l) (B l))
      (fun l k => if lt_dec k (width (S l)) then b l k else 0) act.

(* The activation of the wide network: on the read units it does what act does, whatever the unread ones hold. *)
Definition keeps_read_units (width : nat -> nat) (act act' : nat -> (nat -> R) -> nat -> R) : Prop :=
  forall l y y', (forall i, (i < width (S l))%nat -> y i = y' i) ->
                 forall i, (i < width (S l))%nat -> act l y i = act' l y' i.

(* Of the count units from start on, twice in a row, all of which hold 0, the activation makes equal pairs. *)
Definition treats_zeros_alike (start count : nat) (act : (nat -> R) -> nat -> R) : Prop :=
  forall y, (forall k, (k < count + count)%nat -> y (start + k)%nat = 0) ->
            forall k, (k < count)%nat -> act y (start + k)%nat = act y (start + count + k)%nat.

Theorem dilation : forall width pad outputs W V b act act' d,
  (forall l, (l <= d)%nat -> contraction (width (S l)) (width l) (W l)) ->
  contraction outputs (width (S d)) V ->
  (outputs + outputs <= pad d)%nat ->
  keeps_read_units width act act' ->
  treats_zeros_alike (width (S d) + unread width pad (S d) - (outputs + outputs)) outputs (act' d) ->
  exists B C,
    (forall l, (l <= d)%nat ->
       orthonormal_columns (width (S l) + unread width pad (S l)) (width l + unread width pad l)
                           (widened (width (S l)) (width l) (unread width pad l) (W l) (B l))) /\
    orthonormal_rows outputs (width (S d) + unread width pad (S d))
                     (closing outputs (width (S d)) (unread width pad (S d) - (outputs + outputs)) V C) /\
    forall x i, (i < outputs)%nat ->
      times (width (S d)) V (run width W b act (S d) x) i =
      times (width (S d) + unread width pad (S d))
            (closing outputs (width (S d)) (unread width pad (S d) - (outputs + outputs)) V C)
            (wide_run width pad W B b act' (S d) x) i.
Proof.
  intros width pad outputs W V b act act' d HW HV Pad Act Zeros.
  destruct (finite_choice (fun l B => forall x, square_norm (width (S l)) (times (width l) (W l) x) +
    square_norm (width l) (times (width l) B x) = square_norm (width l) x) d) as [B HB].
  { intros l Hl. apply factor_of_a_contraction, HW, Hl. }
  set (u := (unread width pad (S d) - (outputs + outputs))%nat) in *.
  destruct (closing_exists outputs (width (S d)) u V HV) as [C [Rows Same]].
  assert (U : (u + outputs + outputs = unread width pad (S d))%nat) by (unfold u; simpl; lia).
  exists B, C. split; [|split].
  - intros l Hl. pose proof (widened_is_orthonormal _ _ (unread width pad l) (pad l) _ _ (HB l Hl)) as O.
    replace (width (S l) + unread width pad (S l))%nat with (width (S l) + width l + unread width pad l + pad l)%nat by (simpl; lia).
    exact O.
  - rewrite <- U, !Nat.add_assoc. exact Rows.
  - intros x i Hi. rewrite <- U, !Nat.add_assoc, Same.
    + unfold times. apply sum_same. intros j Hj. f_equal.
      apply (same_function width (unread width pad) W B b act act' (S d) x x Act); [reflexivity | exact Hj].
    + intros k Hk. unfold wide_run. simpl.
      replace (width (S d) + unread width pad (S d) - (outputs + outputs))%nat with (width (S d) + u)%nat in Zeros by lia.
      apply Zeros; [|exact Hk]. intros j Hj.
      destruct (lt_dec (width (S d) + u + j) (width (S d))); [lia|].
      unfold times. rewrite (sum_same _ _ (fun _ => 0)); [rewrite sum_zero; lra|]. intros p Hp.
      simpl in U. unfold widened. destruct (lt_dec (width (S d) + u + j) (width (S d))); [lia|].
      destruct (lt_dec (width (S d) + u + j) (width (S d) + width d)); [lia|].
      destruct (lt_dec (width (S d) + u + j) (width (S d) + width d + unread width pad d)); [lia | lra].
Qed.

(* Which activations meet the two conditions: those that act on every unit alike, and those that act on groups of k units,
   where the widths and the spare units are whole groups and equal numbers stay equal, as in sorting. *)

Theorem elementwise_activations_apply : forall (phi : R -> R) width start count,
  keeps_read_units width (fun _ y i => phi (y i)) (fun _ y i => phi (y i)) /\
  treats_zeros_alike start count (fun y i => phi (y i)).
Proof.
  intros phi width start count. split.
  - intros l y y' H i Hi. rewrite H by exact Hi. reflexivity.
  - intros y H k Hk. rewrite H by lia. replace (start + count + k)%nat with (start + (count + k))%nat by lia.
    rewrite H by lia. reflexivity.
Qed.

Definition grouped (k : nat) (phi : (nat -> R) -> nat -> R) (y : nat -> R) : nat -> R :=
  fun i => phi (fun j => y (k * (i / k) + j)%nat) (i mod k).

Theorem group_activations_apply : forall k phi width start count,
  (0 < k)%nat ->
  (forall g h, (forall j, (j < k)%nat -> g j = h j) -> forall p, (p < k)%nat -> phi g p = phi h p) ->
  (forall p p', (p < k)%nat -> (p' < k)%nat -> phi (fun _ => 0) p = phi (fun _ => 0) p') ->
  (forall l, exists groups, width l = (k * groups)%nat) ->
  (exists groups, start = (k * groups)%nat) -> (exists groups, (count + count = k * groups)%nat) ->
  keeps_read_units width (fun _ => grouped k phi) (fun _ => grouped k phi) /\
  treats_zeros_alike start count (grouped k phi).
Proof.
  intros k phi width start count Hk Ext Equal Width [s Hs] [c Hc]. split.
  - intros l y y' H i Hi. unfold grouped. apply Ext; [|apply Nat.mod_upper_bound; lia].
    intros j Hj. apply H. destruct (Width (S l)) as [w Hw]. rewrite Hw in *.
    assert (i / k < w)%nat by (apply Nat.div_lt_upper_bound; lia). nia.
  - intros y H i Hi.
    assert (Zero : forall a, (start <= a < start + (count + count))%nat -> forall j, (j < k)%nat ->
                   y (k * (a / k) + j)%nat = 0).
    { intros a Ha j Hj. assert (s <= a / k)%nat by (apply Nat.div_le_lower_bound; lia).
      assert (a / k < s + c)%nat by (apply Nat.div_lt_upper_bound; nia).
      replace (k * (a / k) + j)%nat with (start + (k * (a / k) + j - start))%nat by nia. apply H. nia. }
    unfold grouped. rewrite (Ext _ (fun _ => 0)) by (try (apply Nat.mod_upper_bound; lia); apply Zero; lia).
    rewrite (Ext (fun j => y (k * ((start + count + i) / k) + j)%nat) (fun _ => 0))
      by (try (apply Nat.mod_upper_bound; lia); apply Zero; lia).
    apply Equal; apply Nat.mod_upper_bound; lia.
Qed.
