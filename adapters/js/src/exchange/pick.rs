//! The choice of a challenge.

use proxy_auth::{Candidate, Challenges, Chosen, NothingFits, ParamValue, Scheme, choose as choose_of, heapless};

use super::errors::{self, Place};
use crate::json::Json;
use crate::lines::Lines;

/// The most candidates.
const MOST: usize = 16;

/// Chooses a challenge of the lines for the first possible of the candidates, and writes it.
pub(super) fn choose(mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let [count] = args.array()?;
    let mut candidates = heapless::Vec::<_, MOST>::new();
    for _ in 0..count {
        let name = args.text()?;
        let candidate = match (name.parse(), Scheme::new(name)) {
            (Ok(algorithm), _) => Candidate::Digest(algorithm),
            (Err(_), Ok(scheme)) => Candidate::Scheme(scheme),
            (Err(_), Err(error)) => {
                errors::invalid(json, "candidate", error);
                return Some(());
            }
        };
        candidates.push(candidate).ok()?;
    }
    match choose_of(Challenges::from_lines(args), &candidates) {
        Ok(choice) => {
            json.put("{\"scheme\":");
            json.display(choice.chosen().scheme());
            chosen(json, &choice.chosen());
            json.put(",\"passedOver\":");
            json.display_or_null(choice.passed_over());
            json.put("}");
        }
        Err(error) => nothing_fits(json, &error),
    }
    Some(())
}

fn chosen(json: &mut Json<'_>, chosen: &Chosen<'_>) {
    let (realm, algorithm) = match chosen {
        Chosen::Basic(challenge) => (challenge.has_realm().then(|| challenge.realm()), None),
        Chosen::Bearer(challenge) => (challenge.realm(), None),
        Chosen::Digest(challenge) => (Some(challenge.realm()), Some(challenge.algorithm())),
        Chosen::Other(challenge) => (challenge.param("realm"), None),
        _ => (None, None),
    };
    json.put(",\"realm\":");
    match realm {
        Some(realm) => json.bytes(ParamValue::unescaped(&realm)),
        None => json.put("null"),
    }
    json.put(",\"algorithm\":");
    json.display_or_null(algorithm);
}

fn nothing_fits(json: &mut Json<'_>, error: &NothingFits) {
    errors::result(json, &format_args!("NothingFits"), error, Place::of_nothing_fits(error));
}
