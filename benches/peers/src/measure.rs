//! Measures several libraries that do the same work, in turns.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::allocations;

/// The number of rounds. In each round, every contender runs one batch, so that other load affects all of them.
const ROUNDS: usize = 51;

/// The least time of a batch, which is much longer than reading the clock takes.
const BATCH: Duration = Duration::from_micros(200);

/// A library that does the work.
pub(crate) struct Contender<'a> {
    by: &'static str,
    run: Box<dyn FnMut(u32) + 'a>,
}

/// Creates a contender. The loop is compiled together with `work`, so the compiler can inline it.
pub(crate) fn contender<'a, T>(by: &'static str, mut work: impl FnMut() -> T + 'a) -> Contender<'a> {
    let run = move |times| {
        for _ in 0..times {
            black_box(work());
        }
    };
    Contender { by, run: Box::new(run) }
}

/// The time of one contender for doing the work once.
pub(crate) struct Measured {
    pub(crate) by: &'static str,
    /// The median of the rounds.
    pub(crate) nanoseconds: f64,
    /// The nanoseconds in the fastest round. Work of milliseconds is interrupted in most rounds if the machine is busy.
    pub(crate) fastest: f64,
    /// The time of the first contender divided by the time of this one: the median of the rounds.
    pub(crate) ratio: f64,
    pub(crate) allocations: usize,
}

pub(crate) fn measure(mut contenders: Vec<Contender<'_>>) -> Vec<Measured> {
    let batches: Vec<u32> = contenders.iter_mut().map(batch).collect();
    let rounds: Vec<Vec<f64>> = (0..ROUNDS)
        .map(|_| {
            let turns = contenders.iter_mut().zip(&batches);
            turns
                .map(|(contender, &times)| nanoseconds(time(contender, times)) / f64::from(times))
                .collect()
        })
        .collect();
    contenders
        .iter_mut()
        .enumerate()
        .map(|(place, contender)| Measured {
            by: contender.by,
            nanoseconds: median(rounds.iter().map(|round| round[place])),
            fastest: rounds.iter().map(|round| round[place]).fold(f64::INFINITY, f64::min),
            ratio: median(rounds.iter().map(|round| round[0] / round[place])),
            allocations: allocations::count(|| (contender.run)(1)),
        })
        .collect()
}

/// Returns how often the work is repeated in a batch.
fn batch(contender: &mut Contender<'_>) -> u32 {
    let mut times = 1;
    // The first time, code is loaded from disk, and any time may include an interruption.
    while (0..3).any(|_| time(contender, times) < BATCH) {
        times *= 2;
    }
    times
}

fn time(contender: &mut Contender<'_>, times: u32) -> Duration {
    let start = Instant::now();
    (contender.run)(times);
    start.elapsed()
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
