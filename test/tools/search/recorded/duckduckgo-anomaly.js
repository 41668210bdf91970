if (DDG.deep && DDG.deep.anomalyDetectionBlock) { DDG.deep.anomalyDetectionBlock({"cc":"sre","st":"lnx"}); }
