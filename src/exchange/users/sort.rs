//! Sorting in place without a panic. The sorts of `core` panic if an order is not total.

/// Sorts `items` by heapsort, so that `less(a, b)` returns `false` for every `a` after `b`.
pub(super) fn sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    for root in (0..items.len() / 2).rev() {
        sift_down(items, root, &less);
    }
    for len in (1..items.len()).rev() {
        swap(items, 0, len);
        sift_down(items.get_mut(..len).unwrap_or_default(), 0, &less);
    }
}

/// Moves the item at `root` down until no child is greater.
fn sift_down<T>(items: &mut [T], mut root: usize, less: &impl Fn(&T, &T) -> bool) {
    loop {
        let left = root.saturating_mul(2).saturating_add(1);
        let right = left.saturating_add(1);
        let is_less = |a, b| matches!((items.get(a), items.get(b)), (Some(a), Some(b)) if less(a, b));
        let child = if is_less(left, right) { right } else { left };
        if !is_less(root, child) {
            return;
        }
        swap(items, root, child);
        root = child;
    }
}

fn swap<T>(items: &mut [T], a: usize, b: usize) {
    if let Ok([a, b]) = items.get_disjoint_mut([a, b]) {
        core::mem::swap(a, b);
    }
}
