use webhook_core::Wire;

#[derive(Wire)]
struct Id(u64);

fn main() {}
