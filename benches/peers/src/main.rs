//! Measures proxy-auth beside other libraries, in one process and by turns, and says which targets are met.

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
    // README.md's table is that one alone.
    if std::env::args().any(|argument| argument == "--markdown") {
        return;
    }
    println!();
    let hostile = hostile::rows();
    tables::print_hostile(&hostile);
    println!();
    targets::print(&rows, &hostile);
}
