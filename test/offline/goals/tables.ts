import type { Goal } from "../world.js";

/** Questions to tables. */
export const tableGoals: readonly Goal[] = [
  ["What's the total revenue in sales.csv?", "2400"],
  ["Compute the average of the price column in data/items.csv", "12.4"],
  [
    "Give me total revenue grouped by region from sales.csv",
    "Total revenue by region in sales.csv:\n  (3)\n  region: North, sum_revenue: 380\n  region: South, sum_revenue: 1120\n  region: East, sum_revenue: 900",
  ],
  ["From orders.csv, count the orders whose status is shipped", "3"],
  ["How many rows in orders.csv have an amount greater than 100?", "3"],
  [
    "Find the row with the highest amount in orders.csv",
    "Row with the highest amount in orders.csv: order_id: 4, customer: Cid, status: shipped, amount: 300",
  ],
  ["What is the lowest population in cities.csv?", "1"],
  [
    "Which city has the smallest population in cities.csv?",
    "City with the smallest population in cities.csv: city: Oslo, country: Norway, population: 1",
  ],
  [
    "Which country has the largest population according to cities.csv?",
    "Country with the largest population in cities.csv: city: Tokyo, country: Japan, population: 37",
  ],
  ["Sum the units in sales.csv where the region is South", "9"],
  ["average salary of the Engineering department in employees.csv", "8000"],
  [
    "In employees.csv, what's the average salary for each department?",
    "Average salary by department in employees.csv:\n  (3)\n  department: Engineering, avg_salary: 8000\n  department: Sales, avg_salary: 4750\n  department: HR, avg_salary: 5500",
  ],
  [
    "Show me the top 2 products by revenue in sales.csv",
    "Top 2 products by revenue in sales.csv:\n  (2)\n  product: Desk, region: East, amount: 400, units: 1, revenue: 900\n  product: Chair, region: South, amount: 200, units: 4, revenue: 620",
  ],
  ["How many unique customers are in orders.csv?", "3"],
  [
    "Calculate the total amount in orders.csv and write it to total.txt",
    "Wrote 740 to total.txt.",
    {
      "total.txt": "740",
    },
  ],
  [
    "Sum the price column of data/items.csv, then multiply it by 2",
    "124\n\nWorked out from: Sum the price column of data/items.csv: 62.",
  ],
  ["what is the sum of amount in sales.csv minus the sum of amount in refunds.csv", "900"],
  ["Tell me the total amount for customer Ann in orders.csv", "210"],
  [
    "Find the average age in employees.csv and the maximum salary in employees.csv",
    "- The average age in employees.csv: 38\n- The maximum salary in employees.csv: 9000",
  ],
  ["What is the average amount of orders with status = shipped in orders.csv?", "170"],
  ["Count the number of cities in cities.csv with population > 10", "3"],
  [
    "Read sales.csv. What is the total amount? What is the average amount?",
    "- The total amount: 1000\n- The average amount: 200",
  ],
  [
    "min, max and average of amount in orders.csv",
    "- Min amount in orders.csv: 80\n- Max amount in orders.csv: 300\n- Average amount in orders.csv: 148",
  ],
  [
    "Determine the median salary in employees.csv and save it to median.txt",
    "Wrote 5500 to median.txt.",
    {
      "median.txt": "5500",
    },
  ],
  ["Total up the amount column in orders.csv", "740"],
  ["What's the mean salary across all employees in employees.csv?", "6200"],
  [
    "Sum of revenue per region in sales.csv",
    "Sum revenue by region in sales.csv:\n  (3)\n  region: North, sum_revenue: 380\n  region: South, sum_revenue: 1120\n  region: East, sum_revenue: 900",
  ],
  [
    "Which department has the highest average salary in employees.csv?",
    "Department by average salary, highest first, 5 at most in employees.csv:\n  (3)\n  department: Engineering, avg_salary: 8000\n  department: HR, avg_salary: 5500\n  department: Sales, avg_salary: 4750",
  ],
  ["In orders.csv, how many orders are there with status cancelled?", "1"],
  ["How many entries in sales.csv have amount above 100 and region South?", "2"],
  [
    "Show orders with amount over 100 from orders.csv",
    "Orders in orders.csv where amount > 100:\n  (3)\n  order_id: 1, customer: Ann, status: shipped, amount: 120\n  order_id: 4, customer: Cid, status: shipped, amount: 300\n  order_id: 5, customer: Bob, status: cancelled, amount: 150",
  ],
  [
    "count of orders by status in orders.csv",
    "Count of orders by status in orders.csv:\n  (3)\n  status: shipped, count: 3\n  status: pending, count: 1\n  status: cancelled, count: 1",
  ],
  ["What is the total of the amount column for rows where status equals shipped in orders.csv?", "510"],
  ["Find the largest population in cities.csv", "37"],
  ["largest salary in employees.csv?", "9000"],
  ["average the price column in data/items.csv", "12.4"],
  [
    "Load orders.csv and find the customer with the highest total amount",
    "Customer by total amount, highest first, 5 at most in orders.csv:\n  (3)\n  customer: Cid, sum_amount: 300\n  customer: Bob, sum_amount: 230\n  customer: Ann, sum_amount: 210",
  ],
  [
    "Read sales.csv, sum the amount column, and write the result to total.txt",
    "Wrote 1000 to total.txt.",
    {
      "total.txt": "1000",
    },
  ],
  [
    "What is the total amount in sales.csv and how many rows are there?",
    "- The total amount in sales.csv: 1000\n- How many rows are there: 5",
  ],
  [
    "Sum amount in sales.csv where region is North; sum amount in sales.csv where region is South; add both",
    "600\n\nWorked out from: Sum amount in sales.csv where region is North: 150; Sum amount in sales.csv where region is South: 450.",
  ],
  [
    "What's the average of amount in sales.csv? Round it to the nearest whole number.",
    "200\n\nWorked out from: The average of amount in sales.csv: 200.",
  ],
  ["How many employees are in the Sales department in employees.csv?", "2"],
  [
    "Which employees in employees.csv have a salary above 6000?",
    "Employees in employees.csv where salary > 6000:\n  (2)\n  name: Ada, department: Engineering, salary: 9000, age: 36\n  name: Cat, department: Engineering, salary: 7000, age: 41",
  ],
  [
    "What is the sum, average and max of units in sales.csv?",
    "- Sum units in sales.csv: 22\n- Average units in sales.csv: 4.4\n- Max units in sales.csv: 10",
  ],
  [
    "Total stock per category in data/items.csv",
    "Total stock by category in data/items.csv:\n  (3)\n  category: books, sum_stock: 13\n  category: toys, sum_stock: 25\n  category: kitchen, sum_stock: 12",
  ],
  ["Calculate the difference between the highest and the lowest salary in employees.csv", "4500"],
  ["What is the sum of all amounts in sales.csv?", "1000"],
  ["Get the total of the amount column from sales.csv", "1000"],
  ["Calculate the average amount in orders.csv", "148"],
  ["What is the highest price in data/items.csv?", "30"],
  [
    "Give me the total amount of sales by region from sales.csv",
    "Total amount by region in sales.csv:\n  (3)\n  region: North, sum_amount: 150\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400",
  ],
  [
    "In employees.csv, count the employees per department",
    "Count of employees by department in employees.csv:\n  (3)\n  department: Engineering, count: 2\n  department: Sales, count: 2\n  department: HR, count: 1",
  ],
  [
    "Find all employees in employees.csv with salary greater than 5200",
    "Employees in employees.csv where salary > 5200:\n  (3)\n  name: Ada, department: Engineering, salary: 9000, age: 36\n  name: Cat, department: Engineering, salary: 7000, age: 41\n  name: Eve, department: HR, salary: 5500, age: 33",
  ],
  ["what is the average salary in employees.csv for the Sales department?", "4750"],
  ["From sales.csv, compute the total amount where region equals North and product equals Pen", "100"],
  [
    "Which customer has the largest total amount in orders.csv?",
    "Customer by total amount, largest first, 5 at most in orders.csv:\n  (3)\n  customer: Cid, sum_amount: 300\n  customer: Bob, sum_amount: 230\n  customer: Ann, sum_amount: 210",
  ],
  [
    "Which region has the lowest total revenue in sales.csv?",
    "Region by total revenue, lowest first, 5 at most in sales.csv:\n  (3)\n  region: North, sum_revenue: 380\n  region: East, sum_revenue: 900\n  region: South, sum_revenue: 1120",
  ],
  [
    "Compute the average price in data/items.csv and write it to avg.txt",
    "Wrote 12.4 to avg.txt.",
    {
      "avg.txt": "12.4",
    },
  ],
  [
    "Add up all the revenue in sales.csv and divide it by the number of rows",
    "480\n\nWorked out from: Add up all the revenue in sales.csv: 2400.",
  ],
  [
    "Show the sum of units by product in sales.csv",
    "Sum units by product in sales.csv:\n  (5)\n  product: Pen, sum_units: 10\n  product: Book, sum_units: 5\n  product: Lamp, sum_units: 2\n  product: Desk, sum_units: 1\n  product: Chair, sum_units: 4",
  ],
  [
    "What are the total and average revenue in sales.csv?",
    "- Total revenue in sales.csv: 2400\n- Average revenue in sales.csv: 480",
  ],
  ["Count rows where amount >= 120 in orders.csv", "3"],
  [
    "Find the product with the lowest amount in sales.csv",
    "Product with the lowest amount in sales.csv: product: Lamp, region: North, amount: 50, units: 2, revenue: 80",
  ],
  [
    "Read orders.csv and tell me how many orders each customer has",
    "Count of orders by customer in orders.csv:\n  (3)\n  customer: Ann, count: 2\n  customer: Bob, count: 2\n  customer: Cid, count: 1",
  ],
  ["What's the sum of the units column in sales.csv?", "22"],
  [
    "Total of amount in sales.csv for each region",
    "Total amount by region in sales.csv:\n  (3)\n  region: North, sum_amount: 150\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400",
  ],
  ["In sales.csv what is the average amount for the region South?", "225"],
  ["Find the maximum revenue in sales.csv", "900"],
  [
    "sum amount by region in sales.csv",
    "Sum amount by region in sales.csv:\n  (3)\n  region: North, sum_amount: 150\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400",
  ],
  ["Look into orders.csv and sum up the amount where status is shipped", "510"],
  [
    "Calculate the total salary per department from employees.csv",
    "Total salary by department in employees.csv:\n  (3)\n  department: Engineering, sum_salary: 16000\n  department: Sales, sum_salary: 9500\n  department: HR, sum_salary: 5500",
  ],
  ["What is the average age of the employees in employees.csv?", "38"],
  [
    "What is the highest and lowest amount in sales.csv?",
    "- Highest amount in sales.csv: 400\n- Lowest amount in sales.csv: 50",
  ],
  ["Get the average price of items in data/items.csv where stock is greater than 5", "6.66666666666667"],
  [
    "Average amount per status in orders.csv, please",
    "Average amount by status in orders.csv:\n  (3)\n  status: shipped, avg_amount: 170\n  status: pending, avg_amount: 80\n  status: cancelled, avg_amount: 150",
  ],
  ["Give me the sum of the amount column of orders.csv", "740"],
  [
    "In data/items.csv, which category has the highest average price?",
    "Category by average price, highest first, 5 at most in data/items.csv:\n  (3)\n  category: toys, avg_price: 17.5\n  category: books, avg_price: 10\n  category: kitchen, avg_price: 7",
  ],
  [
    "Compute the average salary grouped by department in employees.csv",
    "Average salary by department in employees.csv:\n  (3)\n  department: Engineering, avg_salary: 8000\n  department: Sales, avg_salary: 4750\n  department: HR, avg_salary: 5500",
  ],
  ["What is the biggest amount in orders.csv where status is shipped?", "300"],
  ["How many rows of sales.csv have revenue over 400?", "3"],
  ["What's the total units for the South region in sales.csv?", "9"],
  [
    "For orders.csv, show total amount by status",
    "Total amount by status in orders.csv:\n  (3)\n  status: shipped, sum_amount: 510\n  status: pending, sum_amount: 80\n  status: cancelled, sum_amount: 150",
  ],
  [
    "Which is the city with the highest population in cities.csv?",
    "City with the highest population in cities.csv: city: Tokyo, country: Japan, population: 37",
  ],
  [
    "List the top 2 employees by salary from employees.csv",
    "Top 2 employees by salary in employees.csv:\n  (2)\n  name: Ada, department: Engineering, salary: 9000, age: 36\n  name: Cat, department: Engineering, salary: 7000, age: 41",
  ],
  [
    "Sum the revenue in sales.csv, divide it by the sum of units in sales.csv",
    "109.090909090909\n\nWorked out from: Sum the revenue in sales.csv: 2400.",
  ],
  [
    "Find the average of the salary column in employees.csv, then write it to avg.txt",
    "Wrote 6200 to avg.txt.",
    {
      "avg.txt": "6200",
    },
  ],
  ["Get the number of orders with status shipped from orders.csv", "3"],
  [
    "Find the smallest and the largest price in data/items.csv",
    "- Smallest price in data/items.csv: 5\n- Largest price in data/items.csv: 30",
  ],
  [
    "In sales.csv, what is the total amount by region?",
    "Total amount by region in sales.csv:\n  (3)\n  region: North, sum_amount: 150\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400",
  ],
  ["average price of rows where category is books in data/items.csv", "10"],
  [
    "Which product has the highest revenue in sales.csv?",
    "Product with the highest revenue in sales.csv: product: Desk, region: East, amount: 400, units: 1, revenue: 900",
  ],
  [
    "top 3 cities by population in cities.csv",
    "Top 3 cities by population in cities.csv:\n  (3)\n  city: Tokyo, country: Japan, population: 37\n  city: Delhi, country: India, population: 32\n  city: Paris, country: France, population: 11",
  ],
  ["how many orders in orders.csv have status shipped and amount over 100", "2"],
  [
    "Sum the amount column in sales.csv, then write it to total.txt",
    "Wrote 1000 to total.txt.",
    {
      "total.txt": "1000",
    },
  ],
  ["What is the sum of the amount column in sales.csv?", "1000"],
  ["What is the average salary in employees.csv?", "6200"],
  [
    "average salary by department in employees.csv",
    "Average salary by department in employees.csv:\n  (3)\n  department: Engineering, avg_salary: 8000\n  department: Sales, avg_salary: 4750\n  department: HR, avg_salary: 5500",
  ],
  ["What's the largest amount in sales.csv?", "400"],
  ["What is the smallest price in data/items.csv?", "5"],
  [
    "Find the maximum and minimum salary in employees.csv",
    "- Maximum salary in employees.csv: 9000\n- Minimum salary in employees.csv: 4500",
  ],
  ["How many rows does sales.csv have?", "5"],
  ["How many orders are in orders.csv?", "5"],
  ["Count the rows in orders.csv where status is shipped", "3"],
  ["What is the median amount in sales.csv?", "200"],
  ["How many distinct regions are in sales.csv?", "3"],
  ["How many different customers are there in orders.csv?", "3"],
  [
    "Who has the highest salary in employees.csv?",
    "Rows with the highest salary in employees.csv: name: Ada, department: Engineering, salary: 9000, age: 36",
  ],
  [
    "Which employee has the lowest salary in employees.csv?",
    "Employee with the lowest salary in employees.csv: name: Dan, department: Sales, salary: 4500, age: 52",
  ],
  [
    "Show the total amount per customer in orders.csv",
    "Total amount by customer in orders.csv:\n  (3)\n  customer: Ann, sum_amount: 210\n  customer: Bob, sum_amount: 230\n  customer: Cid, sum_amount: 300",
  ],
  ["Total revenue for region North in sales.csv", "380"],
  ["What is the total amount in the North region in sales.csv?", "150"],
  ["Read sales.csv and compute the average amount", "200"],
  ["Open orders.csv. What is the total amount of the orders with status pending?", "80"],
  ["Using employees.csv, find the average age of employees whose department is Engineering", "38.5"],
  [
    "List all rows in orders.csv where amount is greater than 100",
    "Rows in orders.csv where amount > 100:\n  (3)\n  order_id: 1, customer: Ann, status: shipped, amount: 120\n  order_id: 4, customer: Cid, status: shipped, amount: 300\n  order_id: 5, customer: Bob, status: cancelled, amount: 150",
  ],
  [
    "List the distinct departments in employees.csv",
    "Distinct departments in employees.csv:\n  (3)\n  department: Engineering\n  department: Sales\n  department: HR",
  ],
  [
    "In sales.csv, sum the amount column and divide it by 4",
    "250\n\nWorked out from: Sum the amount column: 1000.",
  ],
  [
    "Compute the total amount in sales.csv and the average salary in employees.csv",
    "- The total amount in sales.csv: 1000\n- The average salary in employees.csv: 6200",
  ],
  ["What is 10% of the total amount in sales.csv?", "100"],
  ["Subtract the total amount in refunds.csv from the total amount in sales.csv", "900"],
  ["Number of employees with age over 30 in employees.csv", "4"],
  ["How many employees have a salary between 5000 and 7000 in employees.csv?", "3"],
  [
    "Which region has the highest total amount in sales.csv?",
    "Region by total amount, highest first, 5 at most in sales.csv:\n  (3)\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400\n  region: North, sum_amount: 150",
  ],
  [
    "How many orders per status in orders.csv?",
    "Count of orders by status in orders.csv:\n  (3)\n  status: shipped, count: 3\n  status: pending, count: 1\n  status: cancelled, count: 1",
  ],
  [
    "Count orders by customer in orders.csv",
    "Count of orders by customer in orders.csv:\n  (3)\n  customer: Ann, count: 2\n  customer: Bob, count: 2\n  customer: Cid, count: 1",
  ],
  ["What's the average age in users.json?", "32"],
  ["How many users in users.json have city Rome?", "2"],
  ["Sum up all amounts in orders.csv", "740"],
  [
    "Add up the amount column of orders.csv and save the total in sum.txt",
    "Wrote 740 to sum.txt.",
    {
      "sum.txt": "740",
    },
  ],
  [
    "The 2 largest orders by amount in orders.csv",
    "Largest 2 orders by amount in orders.csv:\n  (2)\n  order_id: 4, customer: Cid, status: shipped, amount: 300\n  order_id: 5, customer: Bob, status: cancelled, amount: 150",
  ],
  [
    "Write the average price of data/items.csv to avg.txt",
    "Wrote 12.4 to avg.txt.",
    {
      "avg.txt": "12.4",
    },
  ],
  ["sum of amount where region = South in sales.csv", "450"],
  [
    "sales.csv: total amount by region",
    "Total amount by region in sales.csv:\n  (3)\n  region: North, sum_amount: 150\n  region: South, sum_amount: 450\n  region: East, sum_amount: 400",
  ],
  ["Give me the highest salary from employees.csv", "9000"],
  ["count how many rows in data/items.csv have stock less than 5", "2"],
];
