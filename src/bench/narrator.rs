//! The acquirer's side of the story: what changed in its book, in plain words.

use serde_json::Value;

/// Says what is new in the book `now`, seen from the book `before`.
pub(crate) fn tell(before: &Value, now: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for order in list(now, "orders") {
        let old = list(before, "orders").iter().find(|old| old["uqOrderId"] == order["uqOrderId"]);
        tell_order(old.unwrap_or(&Value::Null), order, &mut lines);
    }
    let known = list(before, "violations").len();
    for violation in list(now, "violations").iter().skip(known) {
        let (api, rule) = (text(violation, "api"), text(violation, "rule"));
        lines.push(format!("The acquirer turned {api} away, the terminal broke the contract: {rule}."));
    }
    lines
}

fn tell_order(old: &Value, order: &Value, lines: &mut Vec<String>) {
    let amount = money(order, text(order, "amount"));
    if old.is_null() {
        lines.push(match order["product"].as_str() {
            Some("ENTRY_CODE") => format!("The acquirer hears of {amount} by the shop's static code."),
            Some("ORDER_CODE") => format!("The terminal asked the acquirer for an order code for {amount}."),
            _ => format!("The terminal asked the acquirer for {amount}."),
        });
    }
    if order["phoneAsks"] == true && old["phoneAsks"] != true {
        lines.push(format!("The wallet asks its owner: pay {amount}?"));
    }
    for movement in list(order, "charges").iter().skip(list(old, "charges").len()) {
        let moved = money(order, text(movement, "amount"));
        lines.push(match movement["kind"].as_str() {
            Some("paid") => format!("The acquirer took {moved} out of the customer's wallet."),
            _ => format!("The acquirer put {moved} back into the customer's wallet."),
        });
    }
    if order["status"] != old["status"] {
        match text(order, "status") {
            "fail" => lines.push(format!("The acquirer took nothing: {}.", text(order, "reason"))),
            "closed" if list(order, "charges").is_empty() => {
                lines.push(String::from("The acquirer closed the order: it can't be paid any more."));
            }
            _ => {}
        }
    }
    for call in list(order, "calls").iter().skip(list(old, "calls").len()) {
        if let Some(fault) = call["fault"].as_str() {
            lines.push(format!("Trouble: {}", trouble(fault, text(call, "api"))));
        }
    }
}

fn trouble(fault: &str, api: &str) -> String {
    match fault {
        "drop_before" => format!("the connection broke before the acquirer understood the {api}."),
        "drop_after" => {
            format!("the connection broke before the {api} was answered. Only the acquirer knows now.")
        }
        "late" => format!("the connection broke, and the {api} is still on its way."),
        "delay" => format!("the answer to {api} is held back."),
        "processing" => format!("the acquirer answered {api} with “processing”."),
        "refuse" => format!("the acquirer refused the {api}."),
        "busy" => format!("the acquirer answered {api} with “busy”."),
        "not_found" => format!("the acquirer says it has never heard of what {api} asks about."),
        "bad_sign" => format!("the answer to {api} had a wrong signature."),
        "wrong_amount" => format!("the answer to {api} named another amount."),
        "other_order" => format!("the answer to {api} named another order."),
        "truncate" => format!("the answer to {api} was cut off in the middle."),
        _ => format!("the answer to {api} could not be read."),
    }
}

fn money(order: &Value, amount: &str) -> String {
    match text(order, "currency") {
        "HKD" => format!("HK${amount}"),
        currency => format!("{currency} {amount}"),
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn book(order: Value) -> Value {
        json!({ "orders": [order], "violations": [] })
    }

    #[test]
    fn money_that_moves_is_told_once() {
        let open = json!({ "merchantOrderId": "A", "product": "PAYMENT_CODE", "currency": "HKD", "amount": "12.50", "status": "processing", "charges": [], "calls": [] });
        let mut paid = open.clone();
        paid["status"] = json!("success");
        paid["charges"] = json!([{ "kind": "paid", "amount": "12.50" }]);
        let (open, paid) = (book(open), book(paid));
        assert_eq!(tell(&Value::Null, &open), ["The terminal asked the acquirer for HK$12.50."]);
        assert_eq!(tell(&open, &paid), ["The acquirer took HK$12.50 out of the customer's wallet."]);
        assert_eq!(tell(&paid, &paid), Vec::<String>::new());
    }

    #[test]
    fn an_answer_that_got_lost_and_a_broken_rule_are_told() {
        let order = json!({ "merchantOrderId": "A", "calls": [{ "api": "PAY", "fault": "drop_after" }] });
        let mut now = book(order);
        now["violations"] = json!([{ "api": "PAY", "rule": "amount is missing" }]);
        let lines = tell(&Value::Null, &now);
        assert!(lines.iter().any(|line| line.contains("before the PAY was answered")), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("broke the contract: amount is missing")), "{lines:?}");
    }
}
