//! Timing: medians of many, after a warm-up.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use crate::Result;

/// Sorted measurements, in seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    pub(crate) fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self(seconds)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(50)
    }

    /// The value that `percent` of all do not exceed.
    pub(crate) fn at(&self, percent: usize) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0
            .get(last * percent / 100)
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// Each measurement divided: it was one of so many things.
    pub(crate) fn each_of(&self, things: usize) -> Self {
        Self(self.0.iter().map(|sample| sample / float(things)).collect())
    }
}

/// A count as a number to reckon with.
#[expect(
    clippy::cast_precision_loss,
    reason = "figures to show, far below 2^52"
)]
pub(crate) const fn float(count: usize) -> f64 {
    count as f64
}

/// `samples` measurements of `work`, each over `times` calls, after a tenth as many to warm up.
pub(crate) fn time<T>(
    samples: usize,
    times: usize,
    mut work: impl FnMut() -> Result<T>,
) -> Result<Samples> {
    let mut measured = Vec::with_capacity(samples);
    for sample in 0..=(samples + samples / 10) {
        let begun = Instant::now();
        for _ in 0..times {
            black_box(work()?);
        }
        if sample > samples / 10 {
            measured.push(begun.elapsed().as_secs_f64() / float(times));
        }
    }
    Ok(Samples::of(measured))
}

/// How long one call takes.
pub(crate) fn once<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, f64)> {
    let begun = Instant::now();
    let result = work()?;
    Ok((result, begun.elapsed().as_secs_f64()))
}

/// Processor time that this thread has used: waiting for disk or other processes is not in it.
pub(crate) fn processor() -> Result<Duration> {
    // The kernel brings the figure up to date when the thread gives way.
    std::thread::sleep(Duration::from_nanos(1));
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = text.split_whitespace().next().ok_or("no schedstat")?;
    Ok(Duration::from_nanos(nanos.parse()?))
}
