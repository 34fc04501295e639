//! Welch's t-test on the times of two classes of inputs.

/// The number of measurements of each class that a test needs.
const ENOUGH: usize = 10_000;
/// The number of thresholds above which times are left out.
const CROPS: u32 = 30;

/// A measurement: the class of its input, and its time in nanoseconds.
#[derive(Clone, Copy)]
pub(crate) struct Measurement {
    pub(crate) class: bool,
    pub(crate) time: u32,
}

/// How much the times of two classes differ.
#[derive(Clone, Copy, Default)]
pub(crate) struct Difference {
    /// The statistic of Welch's t-test, with its sign.
    pub(crate) t: f64,
    /// The difference of the means, in nanoseconds: that of the second class minus that of the first.
    pub(crate) mean: f64,
}

/// Returns the difference with the greatest `t`, of all times and of those below each of several percentiles.
///
/// Long times are those that something else interrupted. As in dudect, the percentiles approach 100, so each test leaves out fewer.
pub(crate) fn greatest_difference(measurements: &[Measurement]) -> Difference {
    let mut times: Vec<_> = measurements.iter().map(|measurement| measurement.time).collect();
    times.sort_unstable();
    let percentile = |crop: u32| {
        let part = 1.0 - 0.5_f64.powf(10.0 * f64::from(crop) / f64::from(CROPS));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "it is an index"
        )]
        let index = (times.len() as f64 * part) as usize;
        times.get(index).copied().unwrap_or(u32::MAX)
    };
    let limits = (1..=CROPS).map(percentile).chain([u32::MAX]);
    limits
        .filter_map(|limit| difference(measurements, limit))
        .max_by(|a, b| a.t.abs().total_cmp(&b.t.abs()))
        .unwrap_or_default()
}

/// Compares the times up to a limit. Returns `None` if there are too few.
fn difference(measurements: &[Measurement], limit: u32) -> Option<Difference> {
    let mut moments = [Moments::default(); 2];
    for measurement in measurements.iter().filter(|measurement| measurement.time <= limit) {
        moments[usize::from(measurement.class)].add(f64::from(measurement.time));
    }
    let [first, second] = moments;
    if first.count.min(second.count) < ENOUGH {
        return None;
    }
    let mean = second.mean - first.mean;
    let error = (first.variance_of_mean() + second.variance_of_mean()).sqrt();
    // If all times are equal, nothing differs.
    let t = if error > 0.0 { mean / error } else { 0.0 };
    Some(Difference { t, mean })
}

/// The mean and the variance of times, in Welford's way.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
}

#[expect(clippy::cast_precision_loss, reason = "a count is small")]
impl Moments {
    fn add(&mut self, time: f64) {
        self.count += 1;
        let delta = time - self.mean;
        self.mean += delta / self.count as f64;
        self.squares += delta * (time - self.mean);
    }

    fn variance_of_mean(&self) -> f64 {
        self.squares / (self.count as f64 - 1.0) / self.count as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Measurement, greatest_difference};

    fn measurements(time: impl Fn(bool, u32) -> u32) -> Vec<Measurement> {
        let classes = [false, true].into_iter().cycle().zip(0..40_000);
        classes
            .map(|(class, number)| Measurement {
                class,
                time: time(class, number),
            })
            .collect()
    }

    #[test]
    fn a_difference_behind_noise_is_found() {
        let times = measurements(|class, number| 100 + number * 7919 % 50 + 5 * u32::from(class));
        let found = greatest_difference(&times);
        assert!(found.t > 10.0 && (4.0..6.0).contains(&found.mean), "{}", found.t);
    }

    #[test]
    fn rare_long_times_do_not_hide_a_difference() {
        let long = |number: u32| if number % 1000 < 2 { 1_000_000 } else { 0 };
        let times = measurements(|class, number| 100 + number * 7919 % 50 + 5 * u32::from(class) + long(number));
        assert!(greatest_difference(&times).t > 10.0);
    }

    #[test]
    fn equal_classes_do_not_differ() {
        let times = measurements(|_, number| 100 + (number / 2) * 7919 % 50);
        assert!(greatest_difference(&times).t.abs() < 4.5);
    }
}
