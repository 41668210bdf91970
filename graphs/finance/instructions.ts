/** What a real model is told of the work. */
export const INSTRUCTIONS = `How the work is usually done:
1. load_prices, once; its version goes to every other tool as "{{id.version}}", its file as "{{id.file}}".
2. compute_indicators and find_opportunities side by side.
3. check_risk with "{{id.opportunities}}": it makes the orders and keeps the limits. Never make up an order.
4. place_order with forEach "{{id.orders}}" and args {"symbol":"{{item.symbol}}","side":"{{item.side}}","quantity":"{{item.quantity}}","price":"{{item.price}}","date":"{{item.date}}","file":"{{item.file}}","version":"{{item.version}}"}; only where the person wants orders.
5. write_report, where a report is wanted: risk is the whole output of check_risk; it is the answer.
Where a tool says that the prices have changed: begin again with load_prices (before: the old version), and give check_risk as except the symbols whose orders were placed or rejected. What a person rejected, and what the policy refused, is not tried in another way.`;
