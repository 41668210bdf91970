import type { Goal } from "../world.js";

/** Arithmetic in words and signs. */
export const arithmeticGoals: readonly Goal[] = [
  ["Calculate 17*23 and 19*29, then add the two results", "942\n\nWorked out from: 17*23: 391; 19*29: 551."],
  [
    "What is 12 squared plus 5? And what's 100/8? Multiply both.",
    "1862.5\n\nWorked out from: 12 squared plus 5: 149; 100/8: 12.5.",
  ],
  ["Work out 15% of 240, then subtract it from 240", "204\n\nWorked out from: 15% of 240: 36."],
  [
    "Compute (3+4)*5 and 2^10; afterwards tell me the larger one",
    "1024\n\nWorked out from: (3+4)*5: 35; 2^10: 1024.",
  ],
  [
    "1. Multiply 6 by 7\n2. Add 10 to the result\n3. Divide that by 4",
    "13\n\nWorked out from: Multiply 6 by 7: 42; Add 10 to the result: 52.",
  ],
  ["Add 5 and 7, then multiply the result by 3", "36\n\nWorked out from: Add 5 and 7: 12."],
  [
    "First multiply 8 by 9, second add 28 to it, lastly take the square root of that",
    "10\n\nWorked out from: Multiply 8 by 9: 72; Add 28 to it: 100.",
  ],
  ["What is 2 + 2?", "4"],
  ["calculate (17*23 + 19*29) / 2", "471"],
  ["What's 17 times 23?", "391"],
  ["How much is 7 multiplied by 8?", "56"],
  ["Divide 144 by 12.", "12"],
  ["What is the sum of 12, 15 and 20?", "47"],
  ["Please compute the average of 3, 4 and 5", "4"],
  ["Find the average of 10, 20, 30, and 40.", "25"],
  ["What is half of 90?", "45"],
  ["What is twice 21?", "42"],
  ["double 21", "42"],
  ["Double 21 and then add 8", "50\n\nWorked out from: Double 21: 42."],
  ["What's 20 percent of 150?", "30"],
  ["What is the difference between 100 and 37?", "63"],
  ["What is the product of 6 and 7?", "42"],
  ["What is the square root of 144?", "12"],
  ["Compute 2 to the power of 10", "1024"],
  ["what is 5 cubed", "125"],
  ["Subtract 15 from 40", "25"],
  ["Increase 200 by 10%", "220"],
  ["Decrease 80 by 25 percent", "60"],
  ["Round 3.14159 to 2 decimal places", "3.14"],
  ["What is 25% off 80?", "60"],
  [
    "Calculate 3*4 and 5*6, then give me the difference between the two",
    "18\n\nWorked out from: 3*4: 12; 5*6: 30.",
  ],
  [
    "Calculate 3*4 and 5*6. Then subtract the first from the second.",
    "18\n\nWorked out from: 3*4: 12; 5*6: 30.",
  ],
  ["Compute 10/4, 3*3 and 2^3 and sum them up", "19.5\n\nWorked out from: 10/4: 2.5; 3*3: 9; 2^3: 8."],
  [
    "Compute 10/4, 3*3 and 2^3; then add all three results",
    "19.5\n\nWorked out from: 10/4: 2.5; 3*3: 9; 2^3: 8.",
  ],
  ["What is 8*8? What is 6*6? Add them together.", "100\n\nWorked out from: 8*8: 64; 6*6: 36."],
  [
    "Multiply 12 by 12, multiply 5 by 5, and add the results.",
    "169\n\nWorked out from: Multiply 12 by 12: 144; Multiply 5 by 5: 25.",
  ],
  ["Take 50, add 25, multiply by 2", "150\n\nWorked out from: Add 25: 75."],
  [
    "Start with 10. Add 5. Multiply by 3. Subtract 9.",
    "36\n\nWorked out from: Add 5: 15; Multiply by 3: 45.",
  ],
  ["- 17*23\n- 19*29\n- the sum of both", "942\n\nWorked out from: 17*23: 391; 19*29: 551."],
  [
    "1) Compute 45+55 2) Compute 30*2 3) Subtract the second from the first",
    "40\n\nWorked out from: 45+55: 100; 30*2: 60.",
  ],
  [
    "1. 12 * 12\n2. 13 * 13\n3. Add the results of step 1 and step 2",
    "313\n\nWorked out from: 12 * 12: 144; 13 * 13: 169.",
  ],
  ["Calculate 15*4 and 18*3 and tell me which is larger", "60\n\nWorked out from: 15*4: 60; 18*3: 54."],
  ["Which is larger: 2^10 or 10^3?", "1024"],
  ["What is the larger of 45*2 and 30*4?", "120"],
  ["Add $1,200 and $850", "2050"],
  ["What is a 15% tip on $60?", "9"],
  [
    "Compute the mean of 4, 8, 15, 16, 23 and 42, then round it to the nearest integer",
    "18\n\nWorked out from: Mean of 4, 8, 15, 16, 23 and 42: 18.",
  ],
  ["Square 9, then halve it", "40.5\n\nWorked out from: Square 9: 81."],
  ["Multiply three by seven", "21"],
  ["What is twenty-five plus seventeen?", "42"],
  ["Add 10 to the product of 4 and 5", "30"],
  [
    "Calculate the sum of 3 and 4 and the product of 5 and 6. Multiply the two results.",
    "210\n\nWorked out from: Sum of 3 and 4: 7; Product of 5 and 6: 30.",
  ],
  [
    "Compute 100 - 37; 12 * 3. Then compute the average of the results.",
    "49.5\n\nWorked out from: 100 - 37: 63; 12 * 3: 36.",
  ],
  [
    "What do you get if you multiply 6 by 9 and then subtract 12?",
    "42\n\nWorked out from: Multiply 6 by 9: 54.",
  ],
  [
    "What is 1000 divided by 8, and what is 15 times 4? Finally, add these two numbers.",
    "185\n\nWorked out from: 1000 divided by 8: 125; 15 times 4: 60.",
  ],
  [
    "Could you calculate 99 minus 33 and then divide the answer by 6?",
    "11\n\nWorked out from: 99 minus 33: 66.",
  ],
  ["I need the sum of 14 and 28, after that divide it by 7", "6\n\nWorked out from: Sum of 14 and 28: 42."],
  [
    "Calculate 20% of 500 and 30% of 400. What is their sum?",
    "220\n\nWorked out from: 20% of 500: 100; 30% of 400: 120.",
  ],
  ["Find 7 * 6, 8 * 5, and their difference", "2\n\nWorked out from: 7 * 6: 42; 8 * 5: 40."],
  [
    "In parallel, calculate 11*11 and 12*12; when done, add both",
    "265\n\nWorked out from: 11*11: 121; 12*12: 144.",
  ],
  ["What is the remainder when 17 is divided by 5?", "2"],
  ["What is 17 mod 5?", "2"],
  ["What percentage of 80 is 20?", "25"],
  ["Raise 3 to the power of 4 and then subtract 1", "80\n\nWorked out from: Raise 3 to the power of 4: 81."],
  ["Subtract the smaller from the larger of 12 and 30", "18"],
  ["Compute 9*9 and 4*4. Subtract the smaller from the larger.", "65\n\nWorked out from: 9*9: 81; 4*4: 16."],
  ["sqrt(16) + max(3, 4)", "8"],
  [
    "Please calculate: 144 / 12; 13 * 3. Then multiply both results together.",
    "468\n\nWorked out from: 144 / 12: 12; 13 * 3: 39.",
  ],
  ["Figure out 3/4 of 80", "60"],
  [
    "Multiply 7 and 8, divide the result by 4 and add 6",
    "20\n\nWorked out from: Multiply 7 and 8: 56; Divide the result by 4: 14.",
  ],
  ["What's the total of 19.99, 5.01 and 25?", "50"],
  ["Calculate 12*8 and 7*9, then sum the two products.", "159\n\nWorked out from: 12*8: 96; 7*9: 63."],
  [
    "Work out 45 / 9 and 6 * 7 and then multiply those two numbers together",
    "210\n\nWorked out from: 45 / 9: 5; 6 * 7: 42.",
  ],
  [
    "I want to know 250 * 4 and 1000 - 350. Afterwards, what do they add up to?",
    "1650\n\nWorked out from: 250 * 4: 1000; 1000 - 350: 650.",
  ],
  ["Compute 81/9, then 5^2, and finally the sum of both", "34\n\nWorked out from: 81/9: 9; 5^2: 25."],
  ["What is the sum of 17*3 and 12*4?", "99"],
  [
    "Evaluate (8+2)*3, (9-4)*6 and 100/4. Report the average of these three values.",
    "28.3333333333333\n\nWorked out from: (8+2)*3: 30; (9-4)*6: 30; 100/4: 25.",
  ],
  [
    "Please calculate 14 squared and 15 squared, and tell me by how much they differ",
    "29\n\nWorked out from: 14 squared: 196; 15 squared: 225.",
  ],
  [
    "Multiply 4 by 6, then subtract 5, then divide by 19",
    "1\n\nWorked out from: Multiply 4 by 6: 24; Subtract 5: 19.",
  ],
  ["Take the number 12, double it, and add 6 to the result.", "30\n\nWorked out from: Double it: 24."],
  ["Do these: 1) 8*7 2) 9*6 3) add the outcomes", "110\n\nWorked out from: 8*7: 56; 9*6: 54."],
  [
    "Calculate: a) 5*5 b) 6*6 c) 7*7. Then sum all of them.",
    "110\n\nWorked out from: 5*5: 25; 6*6: 36; 7*7: 49.",
  ],
  ["How much is a third of 99?", "33"],
  ["If I multiply 13 by 4 and subtract 2, what do I get?", "50\n\nWorked out from: Multiply 13 by 4: 52."],
  [
    "Find the product of 9 and 12, find the product of 7 and 8, and subtract the smaller product from the larger",
    "52\n\nWorked out from: Product of 9 and 12: 108; Product of 7 and 8: 56.",
  ],
  ["Add 3, 5 and 9; multiply the total by 2", "34\n\nWorked out from: Add 3, 5 and 9: 17."],
  ["First compute 5*8. Next compute 6*9. Last, add them.", "94\n\nWorked out from: 5*8: 40; 6*9: 54."],
  [
    "Compute the square of 13 and the cube of 4, then add those together",
    "233\n\nWorked out from: Square of 13: 169; Cube of 4: 64.",
  ],
  ["What's 7% of 1,500 dollars?", "105"],
  ["Calculate 30 + 12 and divide the outcome by 6", "7\n\nWorked out from: 30 + 12: 42."],
  [
    "Determine 1024 / 32; determine 15 * 15; which of the two is greater?",
    "225\n\nWorked out from: 1024 / 32: 32; 15 * 15: 225.",
  ],
  [
    "Let's compute 64 divided by 8. Then raise the result to the power of 3.",
    "512\n\nWorked out from: 64 divided by 8: 8.",
  ],
  [
    "What's (1+2+3+4+5)/5 and what's sqrt(81)? Multiply the two.",
    "27\n\nWorked out from: (1+2+3+4+5)/5: 3; Sqrt(81): 9.",
  ],
  ["Subtract 17 from 60 then triple the result", "129\n\nWorked out from: Subtract 17 from 60: 43."],
  ["Get the mean of 12, 18 and 24 and add 100 to it", "118\n\nWorked out from: Mean of 12, 18 and 24: 18."],
  [
    "Calculate 40% of 90, then add 14 to that number, and finally take the square root of the total",
    "7.07106781186548\n\nWorked out from: 40% of 90: 36; Add 14 to that number: 50.",
  ],
  ["17*23, 19*29 and the sum of the two please", "942\n\nWorked out from: 17*23: 391; 19*29: 551."],
  ["Divide 500 by 8 and round the answer to one decimal", "62.5\n\nWorked out from: Divide 500 by 8: 62.5."],
  ["sum of 1/2 and 1/4", "0.75"],
  ["What is the quotient of 84 and 7?", "12"],
  [
    "Calculate 15 + 27, 8 * 6, and 90 / 5, then find the maximum",
    "48\n\nWorked out from: 15 + 27: 42; 8 * 6: 48; 90 / 5: 18.",
  ],
  [
    "Calculate 5 plus 6 and 7 minus 2 in parallel and then multiply the results",
    "55\n\nWorked out from: 5 plus 6: 11; 7 minus 2: 5.",
  ],
  ["Compute 13*7 and 22*4, and then give me their total.", "179\n\nWorked out from: 13*7: 91; 22*4: 88."],
  [
    "Could you work out 1234 - 567 and 890 + 12 and then add those two figures?",
    "1569\n\nWorked out from: 1234 - 567: 667; 890 + 12: 902.",
  ],
  [
    "Calculate the product of 14 and 3. Separately, calculate the sum of 20 and 22. Then add both answers.",
    "84\n\nWorked out from: Product of 14 and 3: 42; Sum of 20 and 22: 42.",
  ],
  ["Find 25% of 64; find 10% of 300; add the two.", "46\n\nWorked out from: 25% of 64: 16; 10% of 300: 30."],
  [
    "What is 6 to the power of 3, and what do you get when you subtract 16 from it?",
    "200\n\nWorked out from: 6 to the power of 3: 216.",
  ],
  ["Take 7 times 8 and divide it by 2", "28\n\nWorked out from: 7 times 8: 56."],
  [
    "Three calculations please: 9*8, 7*6, 5*4. Then total them.",
    "134\n\nWorked out from: 9*8: 72; 7*6: 42; 5*4: 20.",
  ],
  [
    "Work out 10 + 20, then 30 + 40, then multiply the first result by the second result.",
    "2100\n\nWorked out from: 10 + 20: 30; 30 + 40: 70.",
  ],
  [
    "Multiply 15 by 3, and divide 100 by 4. Sum the results and square it.",
    "4900\n\nWorked out from: Multiply 15 by 3: 45; Divide 100 by 4: 25; Sum the results: 70.",
  ],
  [
    "1. Calculate 45 * 2\n2. Calculate 100 - 28\n3. Subtract result 2 from result 1\n4. Multiply the result by 10",
    "180\n\nWorked out from: 45 * 2: 90; 100 - 28: 72; Subtract result ‹n2› from result ‹n3›: 18.",
  ],
  [
    "- compute 5*11\n- compute 6*12\n- add them up\n- divide the sum by 127",
    "1\n\nWorked out from: 5*11: 55; 6*12: 72; Add them: 127.",
  ],
  [
    "Add 100 and 250, take 20% of that, and subtract 10.",
    "60\n\nWorked out from: Add 100 and 250: 350; 20% of that: 70.",
  ],
  ["What is 3.5 times 2.2, plus 1.3?", "9"],
  ["Half of 250 plus a quarter of 80", "145"],
  ["The average of 88, 92, 79 and 85, please", "86"],
  ["Calculate 999/27 and tell me the result squared", "1369\n\nWorked out from: 999/27: 37."],
  ["What is bigger, 7*8 or 6*9?", "56"],
  ["Start from 100, subtract 30, then double the result", "140\n\nWorked out from: Subtract 30: 70."],
  ["how much is 45 plus 55 divided by 2", "72.5"],
  [
    "Determine 48/6. Determine 72/8. Determine 35/7. What is the average of the three results?",
    "7.33333333333333\n\nWorked out from: 48/6: 8; 72/8: 9; 35/7: 5.",
  ],
  ["Compute 12*12, halve it, and then take away 22", "50\n\nWorked out from: 12*12: 144; Halve it: 72."],
  ["What is 2 to the 8th power?", "256"],
  [
    "Calculate 8 * 9, after that add 8, and after that divide by 4",
    "20\n\nWorked out from: 8 * 9: 72; Add 8: 80.",
  ],
  ["The sum of 123 and 456 multiplied by 2", "1158"],
  ["20 percent of 80 plus 30 percent of 50", "31"],
  ["Calculate 60 * 60 * 24", "86400"],
  ["Add seven and eight, then multiply by two.", "30\n\nWorked out from: Add seven and eight: 15."],
  [
    "Calculate 31 * 7 and 18 * 4 and then add the results together.",
    "289\n\nWorked out from: 31 * 7: 217; 18 * 4: 72.",
  ],
  [
    "What's 9 times 13? And what's 200 divided by 16? Add both numbers.",
    "129.5\n\nWorked out from: 9 times 13: 117; 200 divided by 16: 12.5.",
  ],
  [
    "Find 12% of 450. Then find 8% of 300. Sum the two amounts.",
    "78\n\nWorked out from: 12% of 450: 54; 8% of 300: 24.",
  ],
  [
    "Compute 64 / 4, compute 3 * 9, and multiply the two results",
    "432\n\nWorked out from: 64 / 4: 16; 3 * 9: 27.",
  ],
  [
    "Step 1: multiply 14 by 5. Step 2: subtract 20 from the result. Step 3: divide by 10.",
    "5\n\nWorked out from: Multiply 14 by 5: 70; Subtract 20 from the result: 50.",
  ],
  [
    "1. add 15 and 27\n2. multiply 8 by 6\n3. add both results\n4. take half of it",
    "45\n\nWorked out from: Add 15 and 27: 42; Multiply 8 by 6: 48; Add both results: 90.",
  ],
  ["* 11 * 12\n* 13 * 14\n* add them", "314\n\nWorked out from: 11 * 12: 132; 13 * 14: 182."],
  [
    "Work out 7 squared, 8 squared and 9 squared, and then add all three",
    "194\n\nWorked out from: 7 squared: 49; 8 squared: 64; 9 squared: 81.",
  ],
  [
    "Calculate the average of 15, 25 and 50 and then double it.",
    "60\n\nWorked out from: Average of 15, 25 and 50: 30.",
  ],
  ["Please add 17 and 25, and then divide the sum by 6.", "7\n\nWorked out from: Add 17 and 25: 42."],
  [
    "I want you to subtract 45 from 120 and multiply the answer by 4",
    "300\n\nWorked out from: Subtract 45 from 120: 75.",
  ],
  [
    "What do you get when you add 14 and 36 and divide the result by 5?",
    "10\n\nWorked out from: Add 14 and 36: 50.",
  ],
  ["What's 120 minus 45, multiplied by 2?", "150"],
  [
    "Tell me the sum of 33 and 67, and the product of 12 and 5. Then subtract the product from the sum.",
    "40\n\nWorked out from: Sum of 33 and 67: 100; Product of 12 and 5: 60.",
  ],
  ["Compute 5^3 and 3^5. What is the difference?", "118\n\nWorked out from: 5^3: 125; 3^5: 243."],
  ["How much is 3/8 of 400?", "150"],
  [
    "Calculate (12 + 8) * 3; (50 - 5) / 9; finally the product of both results",
    "300\n\nWorked out from: (12 + 8) * 3: 60; (50 - 5) / 9: 5.",
  ],
  ["Reduce 250 by 20% and then add 15", "215\n\nWorked out from: Reduce 250 by 20%: 200."],
  [
    "Multiply 2.5 by 4.4 and round the result to the nearest integer",
    "11\n\nWorked out from: Multiply 2.5 by 4.4: 11.",
  ],
  ["What is the square root of 225 plus the square root of 64?", "23"],
  ["What is the minimum of 14*3, 50-7 and 90/2?", "42"],
  [
    "Compute 18*22 and 15*26 in parallel, then tell me the bigger result.",
    "396\n\nWorked out from: 18*22: 396; 15*26: 390.",
  ],
  [
    "Take the sum of 8, 12 and 16, divide it by 3, then square the result",
    "144\n\nWorked out from: Sum of 8, 12 and 16: 36; Divide it by 3: 12.",
  ],
  ["17 + 25 = ?", "42"],
  [
    "Can you find the product of 25 and 16 and then subtract 150 from it?",
    "250\n\nWorked out from: Product of 25 and 16: 400.",
  ],
  [
    "Calculate 1500 * 1.19 and tell me the result rounded to 2 decimals",
    "1785\n\nWorked out from: 1500 * 1.19: 1785.",
  ],
  [
    "add 2 and 3, add 4 and 5, then multiply the two sums",
    "45\n\nWorked out from: Add 2 and 3: 5; Add 4 and 5: 9.",
  ],
  ["Work out 23 * 4 and 17 * 6, then tell me the sum", "194\n\nWorked out from: 23 * 4: 92; 17 * 6: 102."],
  [
    "Calculate 75% of 320 and 5% of 900. Which one is bigger?",
    "240\n\nWorked out from: 75% of 320: 240; 5% of 900: 45.",
  ],
  [
    "1. Calculate 20 + 22\n2. Calculate 3 * 9\n3. Find the difference between the results",
    "15\n\nWorked out from: 20 + 22: 42; 3 * 9: 27.",
  ],
  ["What is 19 + 23, and what is that times 10?", "420\n\nWorked out from: 19 + 23: 42."],
  ["Compute the following: 6*7, 8*9. Now add these two.", "114\n\nWorked out from: 6*7: 42; 8*9: 72."],
  [
    "Square 12 and square 5, add the squares, and take the square root of the result",
    "13\n\nWorked out from: Square 12: 144; Square 5: 25; Add the squares: 169.",
  ],
  [
    "Find the sum of 100, 200 and 300, then find 10% of the sum",
    "60\n\nWorked out from: Sum of 100, 200 and 300: 600.",
  ],
  [
    "Please compute 7*6; then compute 8*4; and finally subtract the second result from the first one",
    "10\n\nWorked out from: 7*6: 42; 8*4: 32.",
  ],
  [
    "Calculate 2+3, 4+5 and 6+7 side by side and multiply all three",
    "585\n\nWorked out from: 2+3: 5; 4+5: 9; 6+7: 13.",
  ],
  ["Take 144, take its square root, then multiply it by 5", "60\n\nWorked out from: Square root of it: 12."],
  [
    "Calculate 90 minus 45 and 30 divided by 5 and then add these results",
    "51\n\nWorked out from: 90 minus 45: 45; 30 divided by 5: 6.",
  ],
  [
    "Determine the average of 7, 9 and 14. Multiply it by 3.",
    "30\n\nWorked out from: Average of 7, 9 and 14: 10.",
  ],
  [
    "Start with 5, multiply by 4, add 10, then divide by 3",
    "10\n\nWorked out from: Multiply by 4: 20; Add 10: 30.",
  ],
  ["what is 15 percent of 200 added to 70", "100"],
  ["How many lines in orders.csv have the status shipped?", "3"],
  ["Calculate 21*4 and 36/3, then multiply the two numbers.", "1008\n\nWorked out from: 21*4: 84; 36/3: 12."],
  [
    "What is 14% of 650? What is 9 squared? Add them up.",
    "172\n\nWorked out from: 14% of 650: 91; 9 squared: 81.",
  ],
  [
    "Compute 88 - 19, compute 7 * 7 and compute 120 / 8. Give me the total of the three.",
    "133\n\nWorked out from: 88 - 19: 69; 7 * 7: 49; 120 / 8: 15.",
  ],
  ["Add 3.5 and 4.25, then double the sum", "15.5\n\nWorked out from: Add 3.5 and 4.25: 7.75."],
  [
    "Multiply 6 and 9. Subtract 4. Then divide by 5.",
    "10\n\nWorked out from: Multiply 6 and 9: 54; Subtract 4: 50.",
  ],
  [
    "1) 15 * 15\n2) 20 * 20\n3) Subtract the first result from the second",
    "175\n\nWorked out from: 15 * 15: 225; 20 * 20: 400.",
  ],
  [
    "1. Find 30% of 90\n2. Find half of 64\n3. Tell me the sum",
    "59\n\nWorked out from: 30% of 90: 27; Half of 64: 32.",
  ],
  [
    "Work out the product of 13 and 11; work out the sum of 40 and 17; then subtract the second from the first",
    "86\n\nWorked out from: Product of 13 and 11: 143; Sum of 40 and 17: 57.",
  ],
  ["Calculate 5 * (6 + 7) and take away 15 from it", "50\n\nWorked out from: 5 * (6 + 7): 65."],
  ["Let me know what 17 * 19 is and then what half of that is", "161.5\n\nWorked out from: 17 * 19: 323."],
  ["Divide 900 by 12 and add 25 percent to the result", "93.75\n\nWorked out from: Divide 900 by 12: 75."],
  [
    "Compute the mean of 2, 4, 6 and the mean of 10, 20, 30. Then multiply both means.",
    "80\n\nWorked out from: Mean of 2, 4, 6: 4; Mean of 10, 20, 30: 20.",
  ],
  ["What is the result of 250 divided by 4 plus 37.5?", "100"],
  ["Find the larger of 2^7 and 5^3", "128"],
  [
    "Raise 7 to the power of 2, raise 2 to the power of 7, then add the outcomes",
    "177\n\nWorked out from: Raise 7 to the power of 2: 49; Raise 2 to the power of 7: 128.",
  ],
  [
    "I have two calculations: 16*4 and 27/3. Please add their results.",
    "73\n\nWorked out from: 16*4: 64; 27/3: 9.",
  ],
  ["Evaluate 100 - 64; then get its square root", "6\n\nWorked out from: 100 - 64: 36."],
];
