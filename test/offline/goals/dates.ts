import type { Goal } from "../world.js";

/** Dates and the time; today is 2026-03-05, a Thursday. */
export const dateGoals: readonly Goal[] = [
  ["what day is 90 days from 2026-01-15?", "What day is 90 days from 2026-01-15: Wednesday"],
  ["how many days between 2024-02-10 and 2024-03-01", "How many days between 2024-02-10 and 2024-03-01: 20"],
  ["What date is 30 days after March 1, 2024?", "30 days after March 1, 2024: 2024-03-31"],
  ["Add 3 weeks to 2024-01-01", "Add 3 weeks to 2024-01-01: 2024-01-22"],
  ["Subtract 10 days from 2024-01-05", "Subtract 10 days from 2024-01-05: 2023-12-26"],
  ["What day of the week was July 4, 2024?", "What day of the week was July 4, 2024: Thursday"],
  ["Which weekday is 2024-02-29?", "Which weekday is 2024-02-29: Thursday"],
  [
    "How many weeks are there between 2024-01-01 and 2024-01-29?",
    "How many weeks are there between 2024-01-01 and 2024-01-29: 4",
  ],
  ["How many days until 2026-12-25?", "How many days until 2026-12-25: 295"],
  ["What is the date 2 months before 2024-05-15?", "2 months before 2024-05-15: 2024-03-15"],
  ["What date will it be in 45 days?", "What date will it be in 45 days: 2026-04-19"],
  ["What time is it in Tokyo?", "What time is it in Tokyo: 21:00:00"],
  ["What's today's date?", "What's today's date: 2026-03-05"],
  [
    "How many days are there from 2024-02-10 to 2024-03-01, and multiply that by 24",
    "Multiply that by 24: 480\n\nWorked out from: How many days are there from 2024-02-10 to 2024-03-01: 20.",
  ],
  [
    "Add 90 days to 2026-01-15, then tell me what day of the week that is",
    "What day of the week that is: Wednesday",
  ],
  ["What weekday will 2026-12-25 be?", "What weekday will 2026-12-25 be: Friday"],
  ["What date is two weeks after 2025-12-25?", "Two weeks after 2025-12-25: 2026-01-08"],
  [
    "How many days are between January 1, 2024 and March 1, 2024?",
    "How many days are between January 1, 2024 and March 1, 2024: 60",
  ],
  [
    "How long is it from 2024-01-01 to 2024-12-31 in days?",
    "How long is it from 2024-01-01 to 2024-12-31 in days: 365",
  ],
  ["What day of the week is it today?", "What day of the week is it today: Thursday"],
  ["What date was 100 days ago?", "What date was 100 days ago: 2025-11-25"],
  ["What is 45 days after 2025-06-01?", "45 days after 2025-06-01: 2025-07-16"],
  ["How many days from 2025-01-01 until 2025-03-01?", "How many days from 2025-01-01 until 2025-03-01: 59"],
  ["Which day of the week was 2000-01-01?", "Which day of the week was 2000-01-01: Saturday"],
  ["What will the date be 10 days from today?", "10 days from today: 2026-03-15"],
  [
    "Subtract 2 weeks from 2025-01-15 and tell me the weekday of that date",
    "The weekday of that date: Wednesday",
  ],
  [
    "How many months between 2024-01-15 and 2024-07-15?",
    "How many months between 2024-01-15 and 2024-07-15: 6",
  ],
  ["What is 3 weeks after 2024-02-10?", "3 weeks after 2024-02-10: 2024-03-02"],
  ["How many days are left until 2026-03-31?", "How many days are left until 2026-03-31: 26"],
  ["What was the weekday on 1999-12-31?", "The weekday on 1999-12-31: Friday"],
  ["What is the date 100 days after today?", "100 days after today: 2026-06-13"],
  [
    "How many days lie between 2025-03-01 and 2025-04-15?",
    "How many days lie between 2025-03-01 and 2025-04-15: 45",
  ],
  [
    "What day of the week will it be on 2026-07-14?",
    "What day of the week will it be on 2026-07-14: Tuesday",
  ],
  ["Add 6 months to 2025-01-31", "Add 6 months to 2025-01-31: 2025-07-31"],
  [
    "How many days are there between 2024-12-25 and 2025-01-01?",
    "How many days are there between 2024-12-25 and 2025-01-01: 7",
  ],
  ["What is 2024-02-28 plus 2 days?", "2024-02-28 plus 2 days: 2024-03-01"],
];
