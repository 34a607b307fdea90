use webhook_core::Wire;

#[derive(Wire)]
struct Details {
    title: Option<String>,
}

#[derive(Wire)]
struct Plan {
    #[wire(flatten, alias = "details")]
    beside: Details,
}

fn main() {}
