// Owns: whether the numbers and quotations of a text stand in its sources.
// Gives: `checkClaims`, which returns what does not, and `createClaimCheck`, the same as a check of a tool's output.
// Does not touch: where sources come from. Whoever asks brings their texts.
export {
  type ClaimCheckOptions,
  type ClaimedText,
  type ClaimSources,
  checkClaims,
  createClaimCheck,
  type UnsupportedClaim,
} from "./check-claims.js";
