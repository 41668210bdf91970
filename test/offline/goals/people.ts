import type { Goal } from "../world.js";

/** Goals of people who had not read the code. */
export const peoplesGoals: readonly Goal[] = [
  ["what's 15% of 80", "12"],
  ["how many days until Christmas from 2026-11-29", "26"],
  [
    "list the files here and count them",
    "Files in this folder:\n  (10 files, 2 folders)\n  a.txt\n  b.txt\n  cities.csv\n  data\n  docs\n  employees.csv\n  notes.txt\n  number.txt\n  orders.csv\n  refunds.csv\n  sales.csv\n  users.json",
  ],
  ["what is 3 plus 4 times 5", "23"],
  ["what's the square root of 2 rounded to 3 decimals", "1.414"],
  ["add 10% to 250", "275"],
  ["take 20% off 80", "64"],
  ["how much is 12.5 percent of 64", "8"],
  ["average of 10, 20 and 60", "30"],
  ["what's the max of 3, 9 and 4", "9"],
  ["what weekday is christmas 2026", "Friday"],
  ["what date is it in 3 weeks", "2026-03-26"],
  ["how many weeks between 2026-01-01 and 2026-03-05", "9"],
  [
    "show me the first 2 lines of sales.csv",
    "First 2 lines in sales.csv:\n  (2)\n  product: Pen, region: North, amount: 100, units: 10, revenue: 300\n  product: Book, region: South, amount: 250, units: 5, revenue: 500",
  ],
  [
    "show me the first 2 rows of sales.csv",
    "First 2 rows in sales.csv:\n  (2)\n  product: Pen, region: North, amount: 100, units: 10, revenue: 300\n  product: Book, region: South, amount: 250, units: 5, revenue: 500",
  ],
  [
    "total units by region in sales.csv",
    "Total units by region in sales.csv:\n  (3)\n  region: North, sum_units: 12\n  region: South, sum_units: 9\n  region: East, sum_units: 1",
  ],
  ["how many rows are in orders.csv?", "5"],
  [
    "who is the customer with the highest amount in orders.csv",
    "Customer with the highest amount in orders.csv: order_id: 4, customer: Cid, status: shipped, amount: 300",
  ],
  [
    'write "hello" to hi.txt',
    "Wrote hello to hi.txt.",
    {
      "hi.txt": "hello",
    },
  ],
  ["how many words does docs/readme.md have?", "6"],
  ["what is 10% of 20% of 500", "10"],
  ["20% of 50 plus 10", "20"],
  ["what's 1/3 + 1/6", "0.5"],
  ["compute 7 times 8 minus 6", "50"],
  ["which is bigger: 1/2 or 2/3?", "0.666666666666667"],
  [
    "multiply 6 by 7 and write it to m.txt",
    "Wrote 42 to m.txt.",
    {
      "m.txt": "42",
    },
  ],
  ["divide 10 by 3 and round it to 2 decimals", "3.33\n\nWorked out from: Divide 10 by 3: 3.33333333333333."],
  ["double the sum of 3 and 4", "14"],
  ["product of 3, 4 and 5 minus 6", "54"],
  ["3 less 2", "1"],
  ["10 over 4", "2.5"],
  ["5 days from tomorrow", "2026-03-11"],
  ["days between christmas and new year", "7"],
  ["what day was yesterday?", "Wednesday"],
  ["what time is it in New York?", "07:00:00"],
  [
    "read sales.csv",
    "product,region,amount,units,revenue\nPen,North,100,10,300\nBook,South,250,5,500\nLamp,North,50,2,80\nDesk,East,400,1,900\nChair,South,200,4,620\n",
  ],
  [
    "open sales.csv and show the first 3 rows",
    "First 3 rows in sales.csv:\n  (3)\n  product: Pen, region: North, amount: 100, units: 10, revenue: 300\n  product: Book, region: South, amount: 250, units: 5, revenue: 500\n  product: Lamp, region: North, amount: 50, units: 2, revenue: 80",
  ],
  [
    "list rows in orders.csv where status is shipped and amount is over 100",
    "Rows in orders.csv where status = shipped and amount > 100:\n  (2)\n  order_id: 1, customer: Ann, status: shipped, amount: 120\n  order_id: 4, customer: Cid, status: shipped, amount: 300",
  ],
  ["how many orders are there in orders.csv with amount between 80 and 120?", "3"],
  [
    "the highest and lowest price in data/items.csv",
    "- Highest price in data/items.csv: 30\n- Lowest price in data/items.csv: 5",
  ],
  ["median price in data/items.csv", "8"],
  ["number of different customers in orders.csv", "3"],
  ["half the total amount in sales.csv", "500"],
  ["total amount in sales.csv divided by 7 rounded to 2 decimals", "142.86"],
  ["what is two plus two", "4"],
  ["what is one plus one", "2"],
  ["5 - -3", "8"],
  ["what is -5 plus 3", "-2"],
  ["subtract 5 from -3", "-8"],
  ["the sum of 5 and -3", "2"],
  ["12 / (2 + 2)", "3"],
  ["calculate 5 % of 200", "10"],
  ["5% + 5%", "0.0525"],
  ["count lines in notes.txt and multiply by 2", "6\n\nWorked out from: Lines in notes.txt: 3."],
  [
    "list the files in docs and read notes.txt",
    "- Files in docs: docs/readme.md\n- Read notes.txt:\nThe quick brown fox\njumps over the lazy dog\nand runs away",
  ],
  [
    "how many files are here?",
    "Files in this folder:\n  (10 files, 2 folders)\n  a.txt\n  b.txt\n  cities.csv\n  data\n  docs\n  employees.csv\n  notes.txt\n  number.txt\n  orders.csv\n  refunds.csv\n  sales.csv\n  users.json",
  ],
  [
    "copy a.txt to z.txt and count the words in z.txt",
    "- Words in z.txt: 5\n- Wrote a.txt to z.txt.",
    {
      "z.txt": "one two three\nfour five",
    },
  ],
  [
    "write 5 to x.txt and read x.txt",
    "- X.txt: 5\n- Wrote 5 to x.txt.",
    {
      "x.txt": "5",
    },
  ],
  [
    "save 3*4 in x.txt, then double it",
    "- Double it: 24\n- Wrote 12 to x.txt.",
    {
      "x.txt": "12",
    },
  ],
  [
    "calculate 3*4, save it in x.txt and double it",
    "- Double it: 24\n- Wrote 12 to x.txt.",
    {
      "x.txt": "12",
    },
  ],
  ["add up 1, 2 and 3 and then subtract 1", "5\n\nWorked out from: Add up 1, 2 and 3: 6."],
  ["what do you get when you multiply 3, 4 and 5", "60"],
  ["tomorrow plus 2 weeks", "2026-03-20"],
  ["how many months until 2027-05-29 from 2026-11-29", "6"],
  ["how many days since 2026-01-01?", "63"],
  ["total amount in sales.csv where region is North and product is not Pen", "50"],
  [
    "first row of sales.csv",
    "First 1 row in sales.csv: product: Pen, region: North, amount: 100, units: 10, revenue: 300",
  ],
  ["sum from 1 to 1000000", "500000500000"],
  ["sum of the numbers from 1 to 10", "55"],
  ["add the numbers from 1 to 10", "55"],
  [
    'write "a" and "b" to c.txt',
    "Wrote a, b to c.txt.",
    {
      "c.txt": "a\nb",
    },
  ],
  ["please calculate 5 + 5 for me", "10"],
];
