import { describeStore } from "./store-contract.js";

describeStore({ kind: "memory", url: () => "memory:", survivesClosing: false });
