import type { Goal } from "../world.js";

/** Files, words and lines. */
export const fileGoals: readonly Goal[] = [
  [
    "How many words are in notes.txt? Save the count in count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Count the lines of a.txt and put the number into b.txt",
    "Wrote 2 to b.txt.",
    {
      "b.txt": "2",
    },
  ],
  [
    "Read notes.txt, count its words, then write the number to out.txt",
    "Wrote 12 to out.txt.",
    {
      "out.txt": "12",
    },
  ],
  [
    "read notes.txt, count its words and write the number to count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Open notes.txt and count how many words it has, then store that number in words.txt",
    "Wrote 12 to words.txt.",
    {
      "words.txt": "12",
    },
  ],
  [
    "Count the words in notes.txt and save the result to result.txt",
    "Wrote 12 to result.txt.",
    {
      "result.txt": "12",
    },
  ],
  [
    "Read the file notes.txt. Count the words. Write the count to count.txt.",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "1. Read notes.txt\n2. Count the words in it\n3. Write the number to count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Write the number of words in notes.txt to count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Save the word count of notes.txt to count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  ["How many lines does notes.txt have?", "3"],
  ["How many words does the file a.txt contain?", "5"],
  ["What is the word count of b.txt?", "4"],
  [
    "Count the words in a.txt and b.txt, then add the two numbers",
    "9\n\nWorked out from: Words in a.txt: 5; Words in b.txt: 4.",
  ],
  [
    "Count the words of a.txt and the lines of b.txt. Multiply both numbers.",
    "15\n\nWorked out from: Words in a.txt: 5; Lines in b.txt: 3.",
  ],
  ["How many words and lines are in notes.txt?", "- Words in notes.txt: 12\n- Lines in notes.txt: 3"],
  [
    "Calculate 6*7 and write the result to answer.txt",
    "Wrote 42 to answer.txt.",
    {
      "answer.txt": "42",
    },
  ],
  [
    "Write 'hello world' to greeting.txt",
    "Wrote hello world to greeting.txt.",
    {
      "greeting.txt": "hello world",
    },
  ],
  [
    'Create a file called hi.txt with the text "Hi there"',
    "Wrote Hi there to hi.txt.",
    {
      "hi.txt": "Hi there",
    },
  ],
  [
    "Copy notes.txt to backup.txt",
    "Wrote notes.txt to backup.txt.",
    {
      "backup.txt": "The quick brown fox\njumps over the lazy dog\nand runs away",
    },
  ],
  [
    "Read a.txt and write its contents to c.txt",
    "Wrote a.txt to c.txt.",
    {
      "c.txt": "one two three\nfour five",
    },
  ],
  ["Show me the contents of a.txt", "one two three\nfour five"],
  ["What does a.txt say?", "one two three\nfour five"],
  ["List the files in docs", "Files in docs: docs/readme.md"],
  ['How many words are in the sentence "the cat sat on the mat"?', "6"],
  [
    "Count the words in notes.txt, multiply that by 10 and save it in big.txt",
    "Wrote 120 to big.txt.",
    {
      "big.txt": "120",
    },
  ],
  [
    "Compute 3*4 and 5*6 and write both results to results.txt",
    "Wrote 12, 30 to results.txt.",
    {
      "results.txt": "12\n30",
    },
  ],
  ["Divide the number of words in notes.txt by the number of lines in notes.txt", "4"],
  [
    "Write 5*5 into sq.txt",
    "Wrote 25 to sq.txt.",
    {
      "sq.txt": "25",
    },
  ],
  [
    "Get the number of characters in a.txt, then put it in chars.txt",
    "Wrote 23 to chars.txt.",
    {
      "chars.txt": "23",
    },
  ],
  [
    "Load notes.txt; count the number of words; save that number as total.txt",
    "Wrote 12 to total.txt.",
    {
      "total.txt": "12",
    },
  ],
  ["Please tell me how many lines there are in b.txt", "3"],
  ["Please read notes.txt and tell me how many words it contains.", "12"],
  [
    "Find out how many words notes.txt has and record that number in tally.txt",
    "Wrote 12 to tally.txt.",
    {
      "tally.txt": "12",
    },
  ],
  [
    "Take notes.txt, count the words in it, and put the answer in answer.txt",
    "Wrote 12 to answer.txt.",
    {
      "answer.txt": "12",
    },
  ],
  [
    "Get the word count for notes.txt and write it into wc.txt",
    "Wrote 12 to wc.txt.",
    {
      "wc.txt": "12",
    },
  ],
  [
    "Save to lines.txt the number of lines in notes.txt",
    "Wrote 3 to lines.txt.",
    {
      "lines.txt": "3",
    },
  ],
  ["What's the number of words in a.txt plus the number of words in b.txt?", "9"],
  [
    "Count words in a.txt, count words in b.txt, add the two counts and write the sum to total.txt",
    "Wrote 9 to total.txt.",
    {
      "total.txt": "9",
    },
  ],
  ["how many characters are there in a.txt", "23"],
  [
    'Write the text "done" into status.txt',
    "Wrote done to status.txt.",
    {
      "status.txt": "done",
    },
  ],
  [
    "Open a.txt, count its lines, then save the line count in n.txt",
    "Wrote 2 to n.txt.",
    {
      "n.txt": "2",
    },
  ],
  [
    "Calculate 8*8 and save the result as square.txt",
    "Wrote 64 to square.txt.",
    {
      "square.txt": "64",
    },
  ],
  [
    "Compute 144/12, then create a file named twelve.txt containing the result",
    "Wrote 12 to twelve.txt.",
    {
      "twelve.txt": "12",
    },
  ],
  [
    "Read notes.txt then write the number of its words to w.txt",
    "Wrote 12 to w.txt.",
    {
      "w.txt": "12",
    },
  ],
  [
    "Determine the word count of notes.txt. Next, double that number. Finally, store it in double.txt.",
    "Wrote 24 to double.txt.",
    {
      "double.txt": "24",
    },
  ],
  [
    "Put the number of words of notes.txt in n.txt",
    "Wrote 12 to n.txt.",
    {
      "n.txt": "12",
    },
  ],
  [
    "Look at notes.txt and count the words. After that, write the total into total.txt.",
    "Wrote 12 to total.txt.",
    {
      "total.txt": "12",
    },
  ],
  [
    "Compute (5+5)*(6-2), save it to a file called r.txt",
    "Wrote 40 to r.txt.",
    {
      "r.txt": "40",
    },
  ],
  [
    "How many words does notes.txt have? Write that number to num.txt.",
    "Wrote 12 to num.txt.",
    {
      "num.txt": "12",
    },
  ],
  [
    "Open the file notes.txt, count the words in it and store the count in wordcount.txt",
    "Wrote 12 to wordcount.txt.",
    {
      "wordcount.txt": "12",
    },
  ],
  [
    "Read notes.txt and count the number of words; write this number into x.txt",
    "Wrote 12 to x.txt.",
    {
      "x.txt": "12",
    },
  ],
  [
    "Tell me how many lines a.txt has and how many lines b.txt has, then add the two.",
    "5\n\nWorked out from: Lines in a.txt: 2; Lines in b.txt: 3.",
  ],
  [
    "Count the words in notes.txt. Count the words in a.txt. What's the difference?",
    "7\n\nWorked out from: Words in notes.txt: 12; Words in a.txt: 5.",
  ],
  [
    "Please count all words in the file b.txt and write the total to b-count.txt",
    "Wrote 4 to b-count.txt.",
    {
      "b-count.txt": "4",
    },
  ],
  [
    "I need the number of lines of notes.txt saved in l.txt",
    "Wrote 3 to l.txt.",
    {
      "l.txt": "3",
    },
  ],
  [
    "Fetch the content of a.txt and save it as a-copy.txt",
    "Wrote a.txt to a-copy.txt.",
    {
      "a-copy.txt": "one two three\nfour five",
    },
  ],
  [
    "Calculate 19*21 and 5*5, add them, write the total to sum.txt",
    "Wrote 424 to sum.txt.",
    {
      "sum.txt": "424",
    },
  ],
  [
    "Store the sum of 3, 4 and 5 in s.txt",
    "Wrote 12 to s.txt.",
    {
      "s.txt": "12",
    },
  ],
  [
    "Count how many characters a.txt contains and write it in chars.txt",
    "Wrote 23 to chars.txt.",
    {
      "chars.txt": "23",
    },
  ],
  [
    "Count the words in notes.txt and in a.txt and write the sum to sum.txt",
    "Wrote 17 to sum.txt.",
    {
      "sum.txt": "17",
    },
  ],
  [
    "Make a file named hello.txt that contains 'Hello'",
    "Wrote Hello to hello.txt.",
    {
      "hello.txt": "Hello",
    },
  ],
  [
    "Read notes.txt and count how many words there are, then save that count to words.txt",
    "Wrote 12 to words.txt.",
    {
      "words.txt": "12",
    },
  ],
  [
    "Find the number of words in notes.txt and write it to result.txt",
    "Wrote 12 to result.txt.",
    {
      "result.txt": "12",
    },
  ],
  [
    "Please open a.txt, count the words, and save the number into a_count.txt",
    "Wrote 5 to a_count.txt.",
    {
      "a_count.txt": "5",
    },
  ],
  [
    "Count words in notes.txt and store the answer to a file called answer.txt",
    "Wrote 12 to answer.txt.",
    {
      "answer.txt": "12",
    },
  ],
  [
    "What is the number of lines in notes.txt? Put the answer in n.txt",
    "Wrote 3 to n.txt.",
    {
      "n.txt": "3",
    },
  ],
  [
    "Get the text of notes.txt, work out its word count and write that to wc.txt",
    "Wrote 12 to wc.txt.",
    {
      "wc.txt": "12",
    },
  ],
  [
    "Read the contents of b.txt, count the number of lines, then write that number into lines.txt",
    "Wrote 3 to lines.txt.",
    {
      "lines.txt": "3",
    },
  ],
  [
    "read notes.txt; then count the words; then write the number to count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Count the words of a.txt, then count the words of b.txt, then write the sum to s.txt",
    "Wrote 9 to s.txt.",
    {
      "s.txt": "9",
    },
  ],
  [
    "Write the result of 12*12 to gross.txt",
    "Wrote 144 to gross.txt.",
    {
      "gross.txt": "144",
    },
  ],
  [
    "Using notes.txt, compute the word count and then write the word count to wc.txt",
    "Wrote 12 to wc.txt.",
    {
      "wc.txt": "12",
    },
  ],
  [
    "Create out.txt containing the number of words in notes.txt",
    "Wrote 12 to out.txt.",
    {
      "out.txt": "12",
    },
  ],
  [
    "Count the words in notes.txt, write the count to c.txt and tell me the count",
    "Wrote 12 to c.txt.",
    {
      "c.txt": "12",
    },
  ],
  [
    "Read notes.txt. How many words does it have? Write the answer to a2.txt.",
    "Wrote 12 to a2.txt.",
    {
      "a2.txt": "12",
    },
  ],
  [
    "Please read the file called notes.txt, count the words in it and then write the number of words to a file called total.txt",
    "- Words in notes.txt: 12\n- Wrote 12 to total.txt.",
    {
      "total.txt": "12",
    },
  ],
  [
    "notes.txt: count the words and save the number to n.txt",
    "Wrote 12 to n.txt.",
    {
      "n.txt": "12",
    },
  ],
  [
    "Could you count the words inside notes.txt and write the number to output.txt?",
    "Wrote 12 to output.txt.",
    {
      "output.txt": "12",
    },
  ],
  [
    "Read a.txt, count its words, multiply the count by 3, and write the product to p.txt",
    "Wrote 15 to p.txt.",
    {
      "p.txt": "15",
    },
  ],
  [
    "Check how many lines b.txt has and save it to l.txt",
    "Wrote 3 to l.txt.",
    {
      "l.txt": "3",
    },
  ],
  [
    "Determine how many words notes.txt contains, then write that figure into f.txt",
    "Wrote 12 to f.txt.",
    {
      "f.txt": "12",
    },
  ],
  [
    "Open b.txt, determine the number of words, and store it in w.txt",
    "Wrote 4 to w.txt.",
    {
      "w.txt": "4",
    },
  ],
  [
    "read notes.txt and write down how many words it has in count.txt",
    "Wrote 12 to count.txt.",
    {
      "count.txt": "12",
    },
  ],
  [
    "Count the number of words in the file notes.txt and write the result to wordcount.txt",
    "Wrote 12 to wordcount.txt.",
    {
      "wordcount.txt": "12",
    },
  ],
  [
    "Find the word count of a.txt and the word count of b.txt and add them together",
    "9\n\nWorked out from: Words in a.txt: 5; Words in b.txt: 4.",
  ],
  [
    "Load the file notes.txt, compute the number of words, and save this to words.txt",
    "Wrote 12 to words.txt.",
    {
      "words.txt": "12",
    },
  ],
  [
    "Save the number of lines in b.txt into lines.txt",
    "Wrote 3 to lines.txt.",
    {
      "lines.txt": "3",
    },
  ],
  [
    "Take the text in notes.txt, count its words, then store the number in stats.txt",
    "Wrote 12 to stats.txt.",
    {
      "stats.txt": "12",
    },
  ],
  [
    "After reading notes.txt, count the words and write the number to num.txt",
    "Wrote 12 to num.txt.",
    {
      "num.txt": "12",
    },
  ],
  [
    "Write down the number of words of notes.txt in the file w.txt",
    "Wrote 12 to w.txt.",
    {
      "w.txt": "12",
    },
  ],
  [
    "Calculate 99*3 and store it in a file called r.txt",
    "Wrote 297 to r.txt.",
    {
      "r.txt": "297",
    },
  ],
];
