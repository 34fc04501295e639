//! Compares proxy-auth with other libraries, which take turns in one process, and prints which targets are met.

#[path = "../../../tests/allocation/counting.rs"]
mod allocations;
mod credentials;
mod exchange;
mod floor;
mod hostile;
#[path = "../../inputs.rs"]
mod inputs;
mod instructions;
mod measure;
mod reading;
mod replay;
mod row;
mod tables;
mod targets;

fn main() {
    // BENCHMARKS.md contains only the line of hostile input that has a target of its own.
    let is_for_benchmarks = std::env::args().any(|argument| argument == "--markdown");
    let mut rows = reading::rows();
    rows.extend(credentials::rows());
    let exchanges = exchange::rows();
    let windows = replay::windows();
    let hostile = hostile::rows(is_for_benchmarks);

    tables::print_headline(&exchanges);
    tables::print_rows(&rows);
    println!();
    tables::print_exchanges(&exchanges);
    println!();
    tables::print_windows(&windows);
    println!();
    if !is_for_benchmarks {
        tables::print_hostile(&hostile);
        println!();
    }
    rows.extend(exchanges);
    targets::print(&rows, &windows, &hostile);
}
