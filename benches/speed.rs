//! Measures the time of each benchmark: `cargo bench --features digest --bench speed -- FILTER`.

mod exchange;
mod inputs;
mod work;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    work::each(&mut |work, input, run| {
        criterion.bench_function(&format!("{work}: {input}"), |bencher| bencher.iter(&mut *run));
    });
    criterion.final_summary();
}
