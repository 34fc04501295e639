//! Compares proxy-auth with other libraries, which take turns in one process, and prints which targets are met.

#[path = "../../../tests/allocation/counting.rs"]
mod allocations;
mod credentials;
mod hostile;
#[path = "../../inputs.rs"]
mod inputs;
mod measure;
mod reading;
mod row;
mod tables;
mod targets;

fn main() {
    let mut rows = reading::rows();
    rows.extend(credentials::rows());
    tables::print_rows(&rows);
    // BENCHMARKS.md contains only this table.
    if std::env::args().any(|argument| argument == "--markdown") {
        return;
    }
    println!();
    let hostile = hostile::rows();
    tables::print_hostile(&hostile);
    println!();
    targets::print(&rows, &hostile);
}
