//! The offers, in every order.

use proxy_auth::negotiate::Mechanism;
use proxy_auth::{Challenge, Gate, Scheme};

use super::{BASIC_CHALLENGE, challenges, connect, gate, refuse};

/// Returns every order of the items.
fn orders<T: Copy>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let others = [&items[..index], &items[index + 1..]].concat();
        all.extend(orders(&others).into_iter().map(|order| [&[*item][..], &order].concat()));
    }
    all
}

#[derive(Clone, Copy)]
enum Offer {
    Basic,
    Bearer,
    Negotiate,
    Ntlm,
    Other,
    #[cfg(feature = "digest")]
    Digest,
}

const OFFERS: &[Offer] = &[
    Offer::Basic,
    Offer::Bearer,
    Offer::Negotiate,
    Offer::Ntlm,
    Offer::Other,
    #[cfg(feature = "digest")]
    Offer::Digest,
];

macro_rules! add {
    ($gate:expr, $offer:expr) => {
        match $offer {
            Offer::Basic => $gate.with_basic(),
            Offer::Bearer => $gate.with_bearer(),
            Offer::Negotiate => $gate.with_negotiate(Mechanism::Negotiate),
            Offer::Ntlm => $gate.with_negotiate(Mechanism::Ntlm),
            Offer::Other => $gate.with_challenge(Challenge::new(Scheme::Hoba)),
            #[cfg(feature = "digest")]
            Offer::Digest => $gate.with_digest(&digest_offer()),
        }
    };
}

fn offering(offers: &[Offer]) -> Gate<&'static str> {
    let (first, others) = offers.split_first().unwrap();
    let first = add!(gate(), first);
    others.iter().fold(first, |gate, offer| add!(gate, offer))
}

#[cfg(feature = "digest")]
fn digest_offer() -> proxy_auth::DigestOffer<'static> {
    use proxy_auth::digest::Algorithm::{Md5, Sha256};
    proxy_auth::DigestOffer::new(&[1; 32], [Sha256, Md5])
}

/// Returns the starts of the challenges.
fn starts(offers: &[Offer]) -> Vec<&'static str> {
    let starts = |offer: &Offer| -> &'static [&'static str] {
        match offer {
            Offer::Basic => &[BASIC_CHALLENGE],
            Offer::Bearer => &["Bearer realm=\"apps\""],
            Offer::Negotiate => &["Negotiate"],
            Offer::Ntlm => &["NTLM"],
            Offer::Other => &["HOBA"],
            #[cfg(feature = "digest")]
            Offer::Digest => &["Digest realm=\"apps\"", "Digest realm=\"apps\""],
        }
    };
    offers.iter().flat_map(starts).copied().collect()
}

fn check(gate: &Gate<&str>, expected: &[&str]) {
    let written = challenges(gate, &refuse(gate, &connect(), &[]));
    assert_eq!(written.len(), expected.len(), "{written:?}");
    for (written, start) in written.iter().zip(expected) {
        assert!(written.starts_with(start), "{written}: {start}");
    }
}

#[test]
fn challenges_are_written_in_the_order_of_the_offers() {
    for order in orders(OFFERS) {
        check(&offering(&order), &starts(&order));
    }
}

#[test]
fn a_second_offer_changes_nothing() {
    for order in orders(OFFERS) {
        let twice = [&order[..], OFFERS].concat();
        check(&offering(&twice), &starts(&order));
    }
}

#[cfg(feature = "digest")]
#[test]
fn algorithms_are_written_in_the_order_of_the_offer() {
    use proxy_auth::DigestOffer;
    use proxy_auth::digest::Algorithm::{Md5, Md5Sess, Sha256, Sha256Sess, Sha512_256, Sha512_256Sess};

    for order in orders(&[Md5, Md5Sess, Sha256, Sha256Sess, Sha512_256, Sha512_256Sess]) {
        let order: [_; 6] = order.try_into().unwrap();
        let gate = gate().with_digest(&DigestOffer::new(&[1; 32], order));
        let written = challenges(&gate, &refuse(&gate, &connect(), &[]));
        assert_eq!(written.len(), 6);
        for (written, algorithm) in written.iter().zip(order) {
            assert!(written.contains(&format!("algorithm={algorithm},")), "{written}");
        }
    }
    let gate = gate().with_digest(&DigestOffer::new(&[1; 32], [Md5, Sha256, Md5]));
    assert_eq!(challenges(&gate, &refuse(&gate, &connect(), &[])).len(), 2);
}
