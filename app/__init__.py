"""The ALK/ROS1 TKI ranking service. Data flows one way: adapters, interpretation, ranking, presenters."""
