// Made from docs/api/openapi.json by "npm run generate": not to be edited.

export interface paths {
  '/v1/top': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Posts that are most likely to go viral */
    get: {
      parameters: {
        query?: {
          /** Entries of a page, at most. */
          limit?: number;
          /** A ScoringModel; absent: the pipeline's first. */
          model?: string;
          /** `next_cursor` of the page before; absent: the first page. */
          cursor?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Highest score first. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['TopPosts'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/predictions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All that is known of the scores of one post */
    get: {
      parameters: {
        query?: {
          /** A ScoringModel; absent: the pipeline's first. */
          model?: string;
        };
        header?: never;
        path: {
          /** Of the post. */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Each variant, the history, and why. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['PostPredictions'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model, it has scored no such post, or the post expired. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/predictions/{id}/what-if': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How a post would score if features of it were others */
    post: {
      parameters: {
        query?: {
          /** A ScoringModel; absent: the pipeline's first. */
          model?: string;
        };
        header?: never;
        path: {
          /** Of the post. */
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['WhatIfRequest'];
        };
      };
      responses: {
        /** Both scores by the variant that serves now, and why. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['WhatIf'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model, it has scored no such post, or the post expired. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The model has other features than when the post was scored, or gives no score. */
        409: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What people were told, and what became of it */
    get: {
      parameters: {
        query?: {
          /** Entries of a page, at most. */
          limit?: number;
          /** `next` of the page before; absent: the newest. */
          after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Newest first. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['Alerts'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/heatmap': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Engagement over time */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Slices of time, oldest first. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['Heatmap'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline declares none. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/features/{window}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest values of a window without a key */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A FeatureWindow. */
          window: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As features get them. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['FeatureValues'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such window, or it has nothing. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/features/{window}/{key}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest values of one key of a window */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A FeatureWindow. */
          window: string;
          /** The parts of the key in their order, with commas between them; a comma in one is `%2C`, escaped once more. */
          key: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As features get them. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['FeatureValues'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such window, or it has nothing for the key. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The models of the pipeline */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** The one that is shown first is first. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['ModelCards'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/models/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a model reads, predicts and is served by */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A ScoringModel. */
          model: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Its card. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['ModelCard'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/rollouts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where the rollouts are */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** One for each model that has one. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['Rollouts'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/rollouts/{model}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where the rollout of a model is */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A ScoringModel. */
          model: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Step, verdict with its numbers, measures of both. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['RolloutStatus'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model, or it has no rollout. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/rollouts/{model}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How the evidence of a rollout grew */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A ScoringModel. */
          model: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** One point for each look at it. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['RolloutHistory'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/rollouts/{model}/decisions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Let a challenger pass the wait that it stands at, or give it up */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** A ScoringModel. */
          model: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['RolloutDecision'];
        };
      };
      responses: {
        /** Asked for: the rollout does so with its next look. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model, or it has no rollout. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The rollout has moved on, or resources alone decide here: the detail says how. */
        409: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/outcomes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Say what became of posts */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['OutcomeReports'];
        };
      };
      responses: {
        /** All of them are in the log, as labels and for windows. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline declares no outcome as reported. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/posts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Take a post */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['NewPost'];
        };
      };
      responses: {
        /** It is in the log. */
        201: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['FeedPost'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
    /** Several posts in one read */
    get: {
      parameters: {
        query: {
          /** Ids of posts. */
          ids: Array<string>;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Those that there are. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['FeedPosts'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/posts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One post */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** Of a post. */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** As it was taken. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['FeedPost'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such post, or no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
    /** Delete a post */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          /** Of a post. */
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Nobody sees it from now on. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such post, or no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/clicks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Say that a user clicked on a post */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': {
            user_id: string;
            /** Of a post. */
            post_id: string;
          };
        };
      };
      responses: {
        /** It is an event of the pipeline. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such post, or no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/follows': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Follow an account */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['NewFollow'];
        };
      };
      responses: {
        /** In force with the next read; asking twice is asking once. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The account has blocked the user, or the key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
    /** Follow an account no more */
    delete: {
      parameters: {
        query: {
          user_id: string;
          followed_id: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** In force with the next read. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/blocks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Block an account */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['NewBlock'];
        };
      };
      responses: {
        /** Neither follows the other from now on. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is too large. */
        413: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The body is not application/json. */
        415: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
    /** Block an account no more */
    delete: {
      parameters: {
        query: {
          user_id: string;
          blocked_id: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** They may follow each other again. */
        204: {
          headers: Record<string, unknown>;
          content?: never;
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/timelines/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a user sees */
    get: {
      parameters: {
        query?: {
          /** Entries of a page, at most. */
          limit?: number;
          /** `next_cursor` of the page before; absent: the newest. */
          cursor?: string;
        };
        header?: never;
        path: {
          /** Of a user. */
          user: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Posts of followed accounts, newest first. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['TimelinePage'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/ranked/{user}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Followed accounts by score */
    get: {
      parameters: {
        query?: {
          /** Entries of a page, at most. */
          limit?: number;
        };
        header?: never;
        path: {
          /** Of a user. */
          user: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Highest first, each with its newest posts. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['RankedFeed'];
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The pipeline has no Feed, or it has no ranking. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the pipeline is doing */
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Rates, watermarks, ledgers and health of its programs. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'application/json': components['schemas']['PipelineStatus'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
  '/v1/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The newest states as server-sent events, whenever they change */
    get: {
      parameters: {
        query?: {
          /** Some of top, status, heatmap and rollouts, with commas between them. */
          events?: string;
          /** Entries of a page, at most. */
          limit?: number;
          /** A ScoringModel; absent: the pipeline's first. */
          model?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        /** Each event is a whole state, as the request of that name answers it. With `Last-Event-ID`, a state that the client has is not sent again. */
        200: {
          headers: Record<string, unknown>;
          content: {
            'text/event-stream': string;
          };
        };
        /** Something in the request is not as described here. */
        400: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** A key is needed, or the one that was sent is not known. */
        401: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The key does not allow it. */
        403: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** There is no such model. */
        404: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The caller asked too often. */
        429: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
        /** The store or the log does not answer; try again. */
        503: {
          headers: Record<string, unknown>;
          content: {
            'application/problem+json': components['schemas']['Problem'];
          };
        };
      };
    };
  };
}

export interface components {
  schemas: {
    Alerts: {
      alerts: Array<{
        id: string;
        rule: string;
        severity: 'Info' | 'Warning' | 'Critical';
        state: 'firing' | 'ended';
        key: string;
        group?: string;
        model: string;
        variant: string;
        post_id: string;
        author_id: string;
        score: number | null;
        posted_at: number;
        scored_at: number;
        age_ms: number;
        fired_at: number;
        ended_at?: number;
        title: string;
        text: string;
        link?: string;
        deliveries: Array<{
          channel: string;
          state: 'held' | 'waiting' | 'sent' | 'failed';
          at: number;
          attempts: number;
          problem?: string;
        }>;
      }>;
      next?: string;
    };
    FeatureValues: {
      window: string;
      key: Array<{
        name: string;
        value: string;
      }>;
      /** By aggregation. null: nothing was there. */
      values: Record<string, number | string | Array<unknown> | null>;
      /** End of the window that they are of, ms. */
      end: number | null;
      /** How far event time has come in the window, ms; null: not known. */
      watermark: number | null;
    };
    FeedPost: {
      post_id: string;
      author_id: string;
      text: string;
      tags?: Array<string>;
      lang?: string;
      /** When it was accepted, wall time in ms: latencies count from here. */
      at: number;
    };
    FeedPosts: {
      posts: Array<components['schemas']['FeedPost']>;
    };
    Heatmap: {
      window: string;
      cells: Array<components['schemas']['HeatmapCell']>;
    };
    HeatmapCell: {
      start: number;
      end: number;
      /** By aggregation of the window. */
      values: Record<string, number>;
      /** By topK of the window: its most frequent values, and how often each came. */
      groups?: Record<string, Record<string, number>>;
    };
    Ledger: {
      in: number;
      aggregated: number;
      late: number;
      filtered: number;
      duplicate: number;
      dead_lettered: number;
      conserved: boolean;
    };
    ModelCard: {
      model: string;
      /** In the order of its vectors. */
      features: Array<{
        name: string;
        /** The window and field, or the expression, that it comes from. */
        from: string;
        /** For what is missing; null: it stays missing. */
        default: number | null;
      }>;
      predicts: {
        outcome: string;
        at_least: number;
        /** What is counted, as an expression, or the figure. */
        of: string;
        within_ms: number;
      } | null;
      /** Ages of a post at which it is scored. */
      ages_ms: Array<number>;
      variants: Array<{
        name: string;
        /** Of 100, as declared; a rollout may have moved it. */
        share: number;
        /** Scores and logs, never answers. */
        shadow: boolean;
        sha256: string;
        uri: string;
        /** From the card beside the model; null where there is none. */
        training: {
          algorithm: {
            type: string;
            params: Record<string, number>;
            seed: number;
          };
          rows: number;
          posts: number;
          /** Rows. */
          positives: number;
          posted_from: number;
          posted_to: number;
          /** Equal rows, seed and algorithm give an equal model. */
          rows_sha256: string;
          held_out: {
            rows: number;
            positives: number;
            /** Of a trial that had not seen them; null where one class is missing. */
            metrics: Record<string, number | null>;
          };
          gates: Array<{
            metric: string;
            min?: number;
            max?: number;
            value: number | null;
            passed: boolean;
          }>;
          /** Both on rows that neither had seen; null where it was held against none. */
          champion: {
            rows: number;
            positives: number;
            auc: number | null;
            champion_auc: number | null;
          } | null;
          /** Largest difference between the ONNX file and the native model. */
          parity_error: number;
          /** By feature, largest first; they add up to 1. */
          importances: Record<string, number>;
          summary: {
            features: Record<string, {
              /** Share of the rows. */
              missing: number;
              /** Inner edges of bins; the first and the last are open. */
              edges: Array<number>;
              /** Of the known values, by bin. */
              shares: Array<number>;
            }>;
            score: {
              /** Share of the rows. */
              missing: number;
              /** Inner edges of bins; the first and the last are open. */
              edges: Array<number>;
              /** Of the known values, by bin. */
              shares: Array<number>;
            };
          };
        } | null;
      }>;
    };
    ModelCards: {
      models: Array<components['schemas']['ModelCard']>;
    };
    NewBlock: {
      user_id: string;
      blocked_id: string;
    };
    NewFollow: {
      user_id: string;
      followed_id: string;
    };
    NewPost: {
      author_id: string;
      text: string;
      tags?: Array<string>;
      lang?: string;
    };
    OutcomeReports: {
      reports: Array<{
        /** Name of the outcome. */
        outcome: string;
        post_id: string;
        /** The newest counts. */
        value: number;
        /** When it was so, event time in ms; absent: now. */
        at?: number;
        /** Absent: as the post says, where it was scored. */
        author_id?: string;
      }>;
    };
    PipelineStatus: {
      pipeline: string;
      /** Wall time, ms. */
      started_at: number;
      at: number;
      /** Newest event time that came in, ms. */
      event_time: number | null;
      /** Events that came in since the start, and in a second of wall time of late. */
      events: number | null;
      events_per_second: number | null;
      watermark_lag_ms: number | null;
      programs: Array<components['schemas']['ProgramStatus']>;
    };
    PostCard: {
      post_id: string;
      author_id: string;
      author_name?: string;
      text?: string;
      tags?: Array<string>;
      posted_at: number;
    };
    PostOutcome: {
      /** Its name. */
      outcome: string;
      positive: boolean;
      /** What was counted, or the figure. */
      value: number;
      /** Event time, ms. */
      matured_at: number;
    };
    PostPredictions: {
      model: string;
      post_id: string;
      /** Absent where it has expired before its predictions. */
      post?: components['schemas']['PostCard'];
      reposts: number;
      predictions: Array<components['schemas']['Prediction']>;
      /** What became of posts that had such a score as the newest that answers: how sure it is. null before labels have matured. */
      score_record: components['schemas']['ScoreRecord'] | null;
      /** What became of this post; null until its label has matured. */
      outcome: components['schemas']['PostOutcome'] | null;
      /** Newest last. */
      history: Array<components['schemas']['ScoreAt']>;
      /** Empty for posts that are not in the top. */
      why: Array<components['schemas']['Reason']>;
    };
    Prediction: {
      model: string;
      variant: string;
      digest: string;
      shadow: boolean;
      post_id: string;
      author_id: string;
      posted_at: number;
      scored_at: number;
      age_ms: number;
      trigger: 'appeared' | 'age' | 'change';
      score: number | null;
      vector: Array<number | null>;
      latency_ms: number | null;
    };
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
    };
    ProgramStatus: {
      name: string;
      kind: string;
      revision: string;
      health: {
        kind: 'ready';
      } | {
        kind: 'waiting';
        reason: string;
        message: string;
      } | {
        kind: 'stalled';
        reason: string;
        message: string;
      };
      /** Records taken since it started, and in a second of wall time of late. */
      records: number | null;
      records_per_second: number | null;
      /** Event time, ms. */
      watermark: number | null;
      /** Event time from its watermark to the newest event that came in, ms. */
      watermark_lag_ms: number | null;
      ledger?: components['schemas']['Ledger'];
      /** How long what it does of the way of an event took in the last minutes, wall time, ms. */
      stages?: Array<{
        stage: string;
        count: number;
        p50_ms: number;
        p99_ms: number;
      }>;
    };
    RankedFeed: {
      feed: string;
      user_id: string;
      accounts: Array<{
        author_id: string;
        score: number;
        /** Newest first. */
        posts: Array<components['schemas']['FeedPost']>;
      }>;
    };
    Reason: {
      feature: string;
      value: number | null;
      /** What the feature adds to the score, in probability: exactly where the model has an explainer, else how far the score falls when it is set to its default. */
      effect: number;
      text: string;
    };
    RolloutDecision: {
      /** Pass the wait that it stands at, or give the challenger up. */
      decision: 'promote' | 'abort';
      /** `challenger.sha256` of the rollout as it was seen. */
      challenger: string;
      /** `step` of the rollout as it was seen. */
      step: number;
      /** Why, for the log. */
      reason: string;
    };
    RolloutHistory: {
      model: string;
      /** Newest last. */
      points: Array<components['schemas']['RolloutPoint']>;
    };
    RolloutPoint: {
      /** Event time, ms. */
      at: number;
      /** The e-value against "no improvement". */
      evidence: number;
      /** Evidence from which on it decides. */
      boundary: number;
      difference: number | null;
      low: number | null;
      high: number | null;
      labels: number;
      /** Of the challenger, of 100. */
      share: number;
    };
    RolloutStatus: {
      model: string;
      at: number;
      phase: 'Running' | 'Waiting' | 'Promoted' | 'Aborted';
      /** Of `steps`, from 0; equal to it when all are done. */
      step: number;
      steps: number;
      since: number;
      doing: string;
      verdict: {
        state: 'Collecting' | 'Inconclusive' | 'Better' | 'NotWorse' | 'Worse' | 'SplitWrong' | 'GuardrailBroken';
        /** For people. */
        reason: string;
        metric: string;
        /** Challenger minus champion (of losses: how much less), and its confidence sequence; null before there is any. */
        difference: number | null;
        low: number | null;
        high: number | null;
        /** The e-value against "no improvement". */
        evidence: number;
        labels: number;
        /** null where none can be foreseen. */
        labelsNeeded: number | null;
        /** When they will be there at this pace, ms. */
        expectedAt: number | null;
      };
      champion: {
        name: string;
        sha256: string;
        /** Of 100, now. */
        share: number;
        labels: number;
        positives: number;
        auc: number | null;
        aucLow: number | null;
        aucHigh: number | null;
        logLoss: number | null;
        calibrationError: number | null;
        liftAt10: number | null;
        /** 99th percentile from event to prediction, ms. */
        p99Ms: number | null;
      };
      challenger: {
        name: string;
        sha256: string;
        /** Of 100, now. */
        share: number;
        labels: number;
        positives: number;
        auc: number | null;
        aucLow: number | null;
        aucHigh: number | null;
        logLoss: number | null;
        calibrationError: number | null;
        liftAt10: number | null;
        /** 99th percentile from event to prediction, ms. */
        p99Ms: number | null;
      };
      /** Posts that wait for their label, and those whose label never came. */
      waiting: number;
      missing: number;
      corrected: number;
    };
    Rollouts: {
      rollouts: Array<components['schemas']['RolloutStatus']>;
    };
    ScoreAt: {
      at: number;
      score: number;
    };
    ScoreRecord: {
      /** Scores from here */
      from: number;
      /** to here. */
      to: number;
      /** That had such a score by the same model file, and whose label has matured. */
      posts: number;
      /** Of them, those that became what the model predicts. */
      positives: number;
      /** Lower end of the 95% interval of their share (Wilson). */
      low: number;
      /** Upper end. */
      high: number;
    };
    TimelinePage: {
      feed: string;
      user_id: string;
      /** Newest first. */
      posts: Array<components['schemas']['FeedPost']>;
      /** What to pass as `cursor` for older ones; null at the end. */
      next_cursor: string | null;
    };
    TopPost: {
      rank: number;
      post_id: string;
      author_id: string;
      author_name?: string;
      text?: string;
      tags?: Array<string>;
      score: number;
      /** What became of posts that had such a score: how sure the score is. null before labels have matured. */
      score_record: components['schemas']['ScoreRecord'] | null;
      /** What became of this post; null until its label has matured. */
      outcome: components['schemas']['PostOutcome'] | null;
      /** Newest last: at most 60 scores for a sparkline. */
      history: Array<components['schemas']['ScoreAt']>;
      posted_at: number;
      age_ms: number;
      reposts: number;
      model: string;
      variant: string;
      why: Array<components['schemas']['Reason']>;
    };
    TopPosts: {
      model: string;
      /** Event time up to which the list speaks, ms. */
      at: number;
      posts: Array<components['schemas']['TopPost']>;
      /** What to pass as `cursor` for the next ones; null at the end. */
      next_cursor: string | null;
    };
    WhatIf: {
      model: string;
      post_id: string;
      /** That answers for the post now, and gave both scores. */
      variant: string;
      /** The moment that the vector stands for, event time in ms. */
      scored_at: number;
      /** Score of the vector as it was logged. */
      before: number;
      /** Score with the changes. */
      score: number;
      /** In the order of the vector. */
      features: Array<{
        name: string;
        value: number | null;
        /** With the changes. */
        what_if: number | null;
      }>;
      /** For the score with the changes. */
      why: Array<components['schemas']['Reason']>;
    };
    WhatIfRequest: {
      /** By feature of the model: what it is set to; null: missing. */
      changes: Record<string, number | null>;
    };
  };
}
